/**
 * Two edges as processes, on services of their own: killed and told to stop while they are at work, and
 * left by Redis, Kafka and the registry. CI's share of `npm run prove:sockets` and `prove:dependencies`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ProcessExit } from '../../local/processes/supervised-process';
import { waitUntil } from '../../local/services/readiness';
import { systemClock } from '../../platform/clock';
import {
  acceptedAndMissing,
  openProbe,
  proveDependencies,
} from '../../proof/edges/dependency-proof';
import {
  startEdgeGround,
  without,
  type EdgeGround,
  type EdgeProcess,
} from '../../proof/edges/edge-ground';
import type { EdgeProbe, ProbeAnswer, Question } from '../../proof/edges/edge-probe';
import { FollowedRoom } from '../../proof/edges/followed-room';
import { freeze, thaw } from '../../proof/edges/process-tree';
import { freshDatabase, type FreshDatabase } from '../streams/views/fresh-database';
import { proveSockets } from '../../proof/edges/socket-proof';

/** Half a minute each; a machine that is busy with other tests takes its time. */
jest.setTimeout(180_000);

const STEP_WITHIN_MS = 30_000;
/** `drainMs` of the edge, and the time that it takes to end. */
const ENDED_WITHIN_MS = 10_000;
const ASKERS = 10;
const UNDER_LOAD_MS = 1_000;

let ground: EdgeGround;
let varFolder: string;
let database: FreshDatabase;
const said: string[] = [];
const say = (line: string) => said.push(line);

beforeAll(async () => {
  varFolder = mkdtempSync(path.join(tmpdir(), 'edges-'));
  // What is written here is made up; other tests' apps must not read it.
  database = await freshDatabase();
  const own = without(['KAFKA_BROKERS', 'SCHEMA_REGISTRY_URL', 'REDIS_URL']);
  const environment = { ...own, DATABASE_URL: database.url };
  ground = await startEdgeGround({
    ...{ edges: 2, varFolder, environment },
    progress: { show: () => undefined, say: () => undefined, close: () => undefined },
    abandon: new AbortController().signal,
  });
});

afterAll(async () => {
  await ground.close();
  await database.drop();
  rmSync(varFolder, { recursive: true, force: true });
});

async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const wait = await waitUntil(condition, { withinMs: STEP_WITHIN_MS });
  if (wait.kind !== 'held') throw new Error(`it did not come true that ${what}`);
}

test('each socket is given exactly what stands on the topics while both edges are killed in turn', async () => {
  const { wrong, holds } = await proveSockets(ground, {
    ...{ sockets: 20, eventsPerSecond: 40, phaseMs: 1_500, deadMs: 500, say },
  });
  expect(wrong).toEqual([]);
  expect(holds).toBe(true);
});

describe('an edge that is told to stop under load', () => {
  interface Asked {
    readonly question: Question;
    readonly sentAt: number;
    readonly answer: ProbeAnswer;
  }

  /** One request after the other, orders and webhooks in turn. */
  async function load(probe: EdgeProbe, stop: AbortSignal): Promise<readonly Asked[]> {
    const asked: Asked[] = [];
    for (let turn = 0; !stop.aborted; turn += 1) {
      const question = turn % 2 === 0 ? 'order' : 'webhook';
      const sentAt = Date.now();
      asked.push({ question, sentAt, answer: await probe.one(question) });
    }
    return asked;
  }

  function stopped({ process: edge }: EdgeProcess): Promise<ProcessExit> {
    const ended = new Promise<ProcessExit>((resolve) => edge.onExit(resolve));
    process.kill(edge.pid ?? NaN, 'SIGTERM');
    return ended;
  }

  test('answers what is under way, has in Kafka what it accepted, and sends sockets elsewhere', async () => {
    const [stays, leaves] = ground.edges;
    if (stays === undefined || leaves === undefined) throw new Error('there are no two edges');
    const { probe, cookie } = await openProbe(ground, leaves.url);
    await until('orders are taken', async () => (await probe.one('order')).status === 202);
    const edgeUrls = [leaves.url, stays.url];
    const room = new FollowedRoom({ room: 'ops', cookie, edgeUrls, number: 1 });
    room.open();
    await until('the socket is in its room', () => room.isIn);
    const over = new AbortController();
    const loads = Array.from({ length: ASKERS }, () => load(probe, over.signal));
    await systemClock.sleep(UNDER_LOAD_MS);
    // So that every order is under way, and none is nearly done.
    const redis = ground.service('redis').pid ?? NaN;
    freeze(redis);
    const frozenAt = Date.now();
    await systemClock.sleep(300);
    const askedAt = Date.now();
    const ended = stopped(leaves);
    thaw(redis);
    expect(await ended).toEqual({ kind: 'code', code: 0 });
    expect(Date.now() - askedAt).toBeLessThan(ENDED_WITHIN_MS);
    over.abort();
    const asked = (await Promise.all(loads)).flat();
    const underWay = asked.filter(
      ({ question, sentAt, answer }) =>
        question === 'order' && sentAt < askedAt - 50 && sentAt + answer.tookMs > frozenAt + 50,
    );
    expect(underWay.length).toBeGreaterThan(0);
    expect(underWay.map(({ answer }) => answer.status)).toEqual(underWay.map(() => 202));
    const statuses = new Set(asked.map(({ answer }) => answer.status));
    // 0: nobody listened any more.
    for (const status of [200, 202, 503, 0]) statuses.delete(status);
    expect([...statuses]).toEqual([]);
    expect(probe.accepted.orders.length).toBeGreaterThan(ASKERS);
    expect(probe.accepted.webhooks.length).toBeGreaterThan(ASKERS);
    expect(await acceptedAndMissing(ground, probe)).toEqual([]);
    await until('the socket is in its room on the other edge', () => room.counts.moved === 1);
    expect(room.counts).toMatchObject({ resumed: 1, snapshots: 0 });
    room.close();
    await leaves.process.start();
  });
});

test('an edge without a service answers what is promised, and is whole again', async () => {
  const { faults } = await proveDependencies(ground, {
    episodes: [
      { loss: 'killed', away: ['redis'] },
      { loss: 'frozen', away: ['kafka'] },
      { loss: 'frozen', away: ['redis', 'registry'] },
    ],
    ...{ loadMs: 0, say },
  });
  expect(faults).toEqual([]);
  expect(said.join('\n')).toContain('redis and registry frozen');
});
