/** The edge's look at the apps' processes, on the health server that these run. */
import type { FastifyInstance } from 'fastify';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Registry } from 'prom-client';
import { StreamsProcessWatch } from '../../../edge/health/streams-processes';
import { limits } from '../../../edge/limits';
import { CommitMetrics } from '../../../streams/runtime/commit-metrics';
import { startHealthServer } from '../../../streams/runtime/health-server';
import { MemoryBroker } from '../../../streams/runtime/memory-broker';
import type { AppHealth, RunningApp } from '../../../streams/runtime/running-app';
import { ManualClock } from '../../../platform/manual-clock';
import { OPS_TOKEN, SHOPPER_TOKEN, buildTestEdge } from '../in-memory-parts';

function appNamed(name: string, health: AppHealth): RunningApp {
  const nothing = () => undefined;
  return {
    ...{ name, health: () => health, pause: nothing, resume: nothing },
    ...{ stop: () => Promise.resolve(), ended: new Promise<void>(nothing) },
  };
}

const RESTORING: AppHealth = {
  state: 'running',
  tasks: [
    {
      ...{ partition: 0, state: 'running', lagRecords: 0 },
      restore: {
        ...{ plan: 'rebuild', state: 'done' },
        ...{ records: 9, recordsPerSecond: 9, offsetsLeft: 0, secondsLeft: 0 },
      },
    },
    {
      ...{ partition: 1, state: 'restoring (30 records)', lagRecords: 0 },
      restore: {
        ...{ plan: 'rebuild', state: 'under way' },
        ...{ records: 30, recordsPerSecond: 10, offsetsLeft: 90, secondsLeft: 8.5 },
      },
    },
    {
      ...{ partition: 2, state: 'waiting to restore', lagRecords: 0 },
      restore: {
        ...{ plan: 'rebuild', state: 'waiting' },
        ...{ records: 0, recordsPerSecond: 0, offsetsLeft: 0, secondsLeft: 0 },
      },
    },
  ],
};

const servers: FastifyInstance[] = [];

function urlOf(server: Server): string {
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

async function processOf(apps: readonly RunningApp[], metrics = new Registry()): Promise<string> {
  const server = await startHealthServer({ host: '127.0.0.1', port: 0, apps: () => apps, metrics });
  servers.push(server);
  return urlOf(server.server);
}

afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

test('a process tells its apps, how far their tasks are restored, and their transactions', async () => {
  const registry = new Registry();
  const broker = new CommitMetrics(registry).broker('orders', new MemoryBroker(new ManualClock(0)));
  const commit = { records: [], group: 'orders', offsets: () => [] };
  const fenced = await broker.openProducer('orders-0');
  const producer = await broker.openProducer('orders-0');
  await expect(fenced.commit(commit)).rejects.toMatchObject({ code: 'FENCED' });
  await producer.commit(commit);
  await producer.commit(commit);
  const url = await processOf([appNamed('orders', RESTORING)], registry);
  expect(await new StreamsProcessWatch([url]).processes()).toEqual([
    {
      address: url.slice('http://'.length),
      status: 'UP',
      apps: [
        {
          ...{ app: 'orders', state: 'running', detail: null, tasks: 3 },
          restoring: [
            { partition: 1, percent: 25, secondsLeft: 9 },
            { partition: 2, percent: 0, secondsLeft: null },
          ],
          transactions: { committed: 2, aborted: 1 },
        },
      ],
    },
  ]);
});

test('a failed app makes its process down, and says why', async () => {
  const failed = appNamed('views', { state: 'failed', tasks: [], detail: 'no Postgres' });
  const url = await processOf([failed, appNamed('alerts', { state: 'running', tasks: [] })]);
  const [process] = await new StreamsProcessWatch([url]).processes();
  expect(process).toMatchObject({ status: 'DOWN', apps: [{ detail: 'no Postgres' }, {}] });
});

test('who does not answer, or not as a process of apps, is silent, and in time', async () => {
  const gone = await processOf([]);
  await servers.pop()?.close();
  const held: Socket[] = [];
  const mute = createServer((socket) => held.push(socket));
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  const other = await buildTestEdge();
  await other.app.listen({ host: '127.0.0.1', port: 0 });
  const urls = [gone, urlOf(mute), urlOf(other.app.server)];
  const began = Date.now();
  const processes = await new StreamsProcessWatch([...urls, 'http://nobody.invalid:1']).processes();
  expect(Date.now() - began).toBeLessThan(3 * limits.processAnswerMs);
  expect(processes.map(({ status }) => status)).toEqual(['SILENT', 'SILENT', 'SILENT', 'SILENT']);
  expect(processes.at(-1)?.address).toBe('nobody.invalid:1');
  await other.app.close();
  for (const socket of held) socket.destroy();
  await new Promise((resolve) => mute.close(resolve));
});

test('operators are told, and nobody else', async () => {
  const edge = await buildTestEdge();
  const url = '/api/streams-processes';
  const asking = async (token: string) => ({ url, headers: { cookie: await edge.signIn(token) } });
  const answer = await edge.app.inject(await asking(OPS_TOKEN));
  expect(answer.json()).toEqual({ at: expect.any(Number) as number, processes: [] });
  expect((await edge.app.inject(await asking(SHOPPER_TOKEN))).statusCode).toBe(403);
  expect((await edge.app.inject({ url })).statusCode).toBe(401);
  await edge.app.close();
});
