/**
 * Owns the Postgres server: the real one, whose binaries come in an npm package. It runs under
 * the stack's own supervision; the package's JavaScript is not used, since its signal handlers
 * would stop the server before the apps that write to it.
 */
import { chownSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { runCommand } from '../../processes/command';
import { loopback, portAt, type Service, type ServiceProcess, type Site } from '../service';
import { postgresPrograms } from './postgres-programs';
import { requireReachable, serverUser, type ServerUser } from './server-user';

/** A first start is ready in 2 s; after a kill the log of changes is replayed first. */
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 15_000;

/** No secret: the server listens on loopback and holds what Kafka can rebuild. */
const OWNER = 'postgres';
const PASSWORD = 'postgres';
const DATABASE = 'paypay_order_streams';

/**
 * Trigram search looks at LETTERS as the C library's locale knows them: in plain C, Japanese has
 * none. macOS has no C.UTF-8 before version 15.
 */
const LETTERS = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';

export const postgresService: Service = {
  name: 'postgres',
  variable: 'DATABASE_URL',
  usualPorts: [5432],
  needsJava: false,
  address: (ports) => `postgres://${OWNER}:${PASSWORD}@${loopback(ports)}/${DATABASE}`,
  // The binaries come with `npm install`.
  install: () => Promise.resolve(),
  prepare: preparePostgres,
  answers: postgresAnswers,
};

async function preparePostgres(site: Site): Promise<readonly ServiceProcess[]> {
  const programs = await postgresPrograms();
  const user = serverUser();
  requireReachable(programs.postgres, user);
  requireReachable(path.join(site.data, 'cluster'), user);
  const cluster = path.join(site.data, 'cluster');
  await createOnce(site, cluster, user);
  const server = {
    name: 'postgres',
    address: postgresService.address(site.ports),
    command: programs.postgres,
    args: [
      '-D',
      cluster,
      '-p',
      String(portAt(site.ports, 0)),
      '-c',
      'listen_addresses=127.0.0.1',
      // The default folder of the socket is shared by every Postgres of the machine.
      '-c',
      'unix_socket_directories=',
    ],
    environment: process.env,
    ...identity(user),
    readyWithinMs: READY_WITHIN_MS,
    stopWithinMs: STOP_WITHIN_MS,
  };
  return [server];
}

function identity(user: ServerUser): { user?: { uid: number; gid: number } } {
  return user.kind === 'self' ? {} : { user: { uid: user.uid, gid: user.gid } };
}

/** Made aside and renamed, so that a start killed half-way leaves no cluster without database. */
async function createOnce(site: Site, cluster: string, user: ServerUser): Promise<void> {
  if (existsSync(cluster)) return;
  const { initdb, postgres } = await postgresPrograms();
  const draft = path.join(site.data, 'draft');
  const passwordFile = path.join(site.data, 'password');
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, PASSWORD);
  for (const made of [site.data, draft, passwordFile]) {
    if (user.kind === 'other') chownSync(made, user.uid, user.gid);
  }
  const common = { folder: site.data, abandon: site.abandon, ...identity(user) };
  await runCommand({
    ...common,
    purpose: 'creating the Postgres cluster',
    command: initdb,
    args: [
      `--pgdata=${draft}`,
      `--username=${OWNER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      `--locale=${LETTERS}`,
    ],
  });
  await runCommand({
    ...common,
    purpose: 'creating the Postgres database',
    command: postgres,
    args: ['--single', '-D', draft, 'postgres'],
    input: `CREATE DATABASE ${DATABASE};\n`,
  });
  rmSync(passwordFile);
  renameSync(draft, cluster);
}

async function postgresAnswers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  // A server that goes away during the question reports it here as well as in the query.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('SELECT 1');
    return true;
  } finally {
    await client.end();
  }
}
