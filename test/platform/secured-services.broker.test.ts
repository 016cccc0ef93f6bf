/**
 * Postgres and Redis over TLS, whose clients believe one authority alone, and a registry that asks who
 * comes. The servers are the real ones; what asks for the registry's credentials stands before it.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Redis } from 'ioredis';
import { connectRedis } from '../../edge/sessions/redis';
import { Database } from '../../edge/read-models/database';
import { redisService } from '../../local/services/redis/redis-service';
import { portAt, type Service } from '../../local/services/service';
import { SchemaRegistry } from '../../platform/avro/schema-registry';
import { recordTypes } from '../../schemas/avro-types';
import { authorityIn, type Authority } from '../local/services/certificates';
import { startOwnService, type OwnService } from '../local/services/own-service';
import { temporaryFolder } from '../local/temporary-folder';
import { eventually, fromEnvironment } from '../streams/views/views-fixture';

jest.setTimeout(120_000);

const folder = temporaryFolder();
const authority = authorityIn(folder.path, 'authority');
const other = authorityIn(folder.path, 'another');
const { keyFile, certFile } = authority.signed('server');
const ignored = () => undefined;

afterAll(() => folder.remove());

describe('Postgres over TLS', () => {
  let postgres: ChildProcess;
  let address: string;
  beforeAll(async () => {
    const script = path.join(__dirname, 'postgres-with-tls.ts');
    const args = ['--import', 'tsx', script, certFile, keyFile];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    postgres = child;
    const ended = once(child, 'exit').then(() => ['ended before it was ready']);
    const [line] = (await Promise.race([once(child.stdout, 'data'), ended])) as [Buffer | string];
    address = line.toString().trim();
  });
  afterAll(async () => {
    const gone = once(postgres, 'exit');
    postgres.stdin?.end();
    expect(await gone).toEqual([0, null]);
  });

  const through = ({ caFile }: Authority) => {
    const url = new URL(address);
    url.search = new URLSearchParams({ sslmode: 'verify-full', sslrootcert: caFile }).toString();
    return new Database(url.href, ignored);
  };

  test('is read where its authority is the one that is believed', async () => {
    const database = through(authority);
    const rows = await database.query<{ ssl: boolean }>(
      'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
    );
    expect(rows).toEqual([{ ssl: true }]);
    await database.close();
  });

  test('is not read where it is another', async () => {
    const database = through(other);
    await expect(database.query('select 1')).rejects.toMatchObject({
      cause: expect.objectContaining({
        message: expect.stringMatching(/certificate/) as string,
      }) as Error,
    });
    await database.close();
  });
});

describe('Redis over TLS', () => {
  let redis: OwnService;
  beforeAll(async () => {
    redis = await startOwnService(redisWithTls());
  });
  afterAll(() => redis.stop());

  test('is asked where its authority is the one that is believed', async () => {
    const client = connectRedis({ url: redis.address, ca: authority.ca }, ignored);
    await eventually('it answers', async () => (await client.ping().catch(ignored)) === 'PONG');
    client.disconnect();
  });

  test.each([
    ['another', other.ca],
    ['whoever the system believes', null],
  ])('is not asked where it is %s', async (_who, ca) => {
    const errors: string[] = [];
    const client = connectRedis({ url: redis.address, ca }, ({ message }) => errors.push(message));
    await eventually('it is refused', () => Promise.resolve(errors.length > 0));
    expect(errors[0]).toMatch(/certificate/);
    await expect(client.ping()).rejects.toThrow();
    client.disconnect();
  });
});

function redisWithTls(): Service {
  return {
    ...redisService,
    address: (ports) => redisService.address(ports).replace('redis:', 'rediss:'),
    answers: async (address) => {
      const options = { lazyConnect: true, retryStrategy: () => null, tls: { ca: authority.ca } };
      const client = new Redis(address, options);
      client.on('error', ignored);
      try {
        await client.connect();
        await client.ping();
        return true;
      } finally {
        client.disconnect();
      }
    },
    prepare: async (site) => {
      const [server] = await redisService.prepare(site);
      if (server === undefined) throw new Error('there is no server');
      const settings = {
        port: '0',
        'tls-port': String(portAt(site.ports, 0)),
        'tls-cert-file': certFile,
        'tls-key-file': keyFile,
        'tls-ca-cert-file': authority.caFile,
        'tls-auth-clients': 'no',
      };
      const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
      return [{ ...server, args: [...server.args, ...flags] }];
    },
  };
}

describe('a registry that asks who comes', () => {
  const basic = `Basic ${Buffer.from('shop:pass word').toString('base64')}`;
  const upstream = fromEnvironment('SCHEMA_REGISTRY_URL');
  let gate: Server;
  let address: string;
  beforeAll(async () => {
    gate = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { authorization } = request.headers;
        if (authorization !== basic && authorization !== 'Bearer token') {
          response.writeHead(401).end('{"error_code":401,"message":"who are you?"}');
          return;
        }
        const { method = 'GET', url = '' } = request;
        const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
        const type = { 'content-type': 'application/vnd.schemaregistry.v1+json' };
        void fetch(`${upstream}${url}`, { method, headers: type, ...body }).then(async (answer) => {
          response.writeHead(answer.status, type).end(await answer.text());
        });
      });
    });
    await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
    address = `127.0.0.1:${String((gate.address() as AddressInfo).port)}`;
  });
  afterAll(() => {
    gate.close();
    gate.closeAllConnections();
  });

  const topic = (name: string) => ({
    name: `${name}-${String(process.pid)}-${String(Date.now())}`,
    types: ['OrderPaid' as const],
  });

  test('takes schemas from a user in its URL, and from a bearer of its token', async () => {
    const user = new SchemaRegistry(`http://shop:pass%20word@${address}`, recordTypes);
    await user.register([topic('by-user')]);
    const bearer = new SchemaRegistry(`http://${address}`, recordTypes, 'token');
    await bearer.register([topic('by-token')]);
  });

  test('refuses anybody else, and the error says so without the password', async () => {
    const registering = new SchemaRegistry(`http://shop:wrong@${address}`, recordTypes).register([
      topic('refused'),
    ]);
    await expect(registering).rejects.toThrow(/401/);
    await expect(registering).rejects.not.toThrow(/wrong/);
  });
});
