/**
 * `kill -9` of the streams process, again and again, while orders of every kind are under way. Its
 * supervisor starts it again; nobody repairs anything. The moments come from a seed, E2E_SEED.
 */
import type { LoggedEvent } from '../../proof/scenarios/event-log';
import { play } from '../../proof/scenarios/play';
import type { Scenario } from '../../proof/scenarios/scenario';
import { seed } from '../../proof/scenarios/seed';
import { ruleA, ruleB, ruleC } from '../../proof/scenarios/stories/contradictions';
import { forgedWebhook } from '../../proof/scenarios/stories/forged';
import {
  cleanWhoeverSettles,
  webhookBeforeOrder,
  webhookDoubled,
  webhookLost,
  webhookReordered,
} from '../../proof/scenarios/stories/settled';
import {
  cancelled,
  expired,
  outOfStock,
  overLimit,
  paymentFailed,
} from '../../proof/scenarios/stories/unpaid';
import { World } from '../../proof/scenarios/world';
import { systemClock } from '../../platform/clock';
import { respondsOk, waitUntil } from '../../local/services/readiness';
import { allTopics } from '../../topics/catalogue';
import { EDGE_WRITES, auditTopics } from '../../proof/foreign-client/topic-audit';
import { alertsDue, alertsRaised, byOrder, repeatedEventIds, unbalancedOrders } from './log-checks';
import { startProductUnderTest, type ProductUnderTest } from './product-under-test';
import { seededMoments } from './seeded-moments';

/** About a minute; a machine that is busy with other tests takes its time. */
jest.setTimeout(240_000);

/**
 * Well above the time that a killed process is away. The scenarios expect no alert but their own,
 * and one is due when an order stays unpaid for so long, whoever was away.
 */
const RULE_A_GRACE_MS = 20_000;
/** The process restores its state and takes its tasks while it starts: another place to die in. */
const KILLS = ['while it works', 'while it starts', 'while it works', 'while it starts'] as const;
/** Every scenario is played so many times at once, so that a kill finds orders at every step. */
const WORLDS = 3;
/** Orders that wait for no poll are through the whole saga by then; a start takes longer. */
const NEXT_KILL_WITHIN_MS = 2_000;
const BACK_WITHIN_MS = 60_000;
const SEED = Number(process.env['E2E_SEED'] ?? '1');

let product: ProductUnderTest;
let startedAt: number;
const worlds: World[] = [];
const log: LoggedEvent[] = [];
const undo: (() => Promise<void>)[] = [];

beforeAll(async () => {
  startedAt = systemClock.now();
  product = await startProductUnderTest({ ALERTS_RULE_A_GRACE_MS: String(RULE_A_GRACE_MS) });
  undo.push(() => product.stop());
  for (let number = 0; number < WORLDS; number += 1) {
    const run = `kill-${String(startedAt)}-${String(number)}`;
    const world = await World.open(product.running, run);
    undo.push(() => world.close());
    worlds.push(world);
  }
  // Of all of them: the log is one.
  firstWorld().log.watch((logged) => log.push(logged));
  await seed(firstWorld());
});

afterAll(async () => {
  for (const step of undo.reverse()) await step();
});

function firstWorld(): World {
  const [world] = worlds;
  if (world === undefined) throw new Error('there is no world');
  return world;
}

/** Stories that touch only their own orders and end every one of them, one of each way to end. */
const others: readonly Scenario[] = [
  cleanWhoeverSettles,
  webhookLost,
  webhookDoubled,
  webhookReordered,
  webhookBeforeOrder,
  outOfStock,
  overLimit,
  paymentFailed,
  expired,
  cancelled,
  ruleB,
  ruleC,
  forgedWebhook,
];
/** Pausing an app is forgotten by a process that dies, so this story is told after the kills. */
const pausing: readonly Scenario[] = [ruleA];

/** The process that is killed is up, or just begun, by `when`; resolves with its successor begun. */
async function killStreams(when: (typeof KILLS)[number], afterMs: number): Promise<void> {
  if (when === 'while it works') await streamsReady();
  await systemClock.sleep(afterMs);
  const pid = product.streamsPid();
  if (pid === undefined) throw new Error('there is no streams process to kill');
  process.kill(pid, 'SIGKILL');
  await streamsBecome('begun anew', () => {
    const now = product.streamsPid();
    return now !== undefined && now !== pid;
  });
}

function streamsReady(): Promise<void> {
  return streamsBecome('ready', () => respondsOk(`${product.running.streamsUrl}/health/ready`));
}

async function streamsBecome(
  what: string,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const wait = await waitUntil(condition, { withinMs: BACK_WITHIN_MS });
  if (wait.kind !== 'held') throw new Error(`streams is not ${what}\n${product.streamsLog()}`);
}

async function tell(stories: readonly Scenario[], world: World): Promise<readonly string[]> {
  return Promise.all(
    stories.map(async (scenario) => {
      const { kind, saw } = await play(scenario, world);
      return `${scenario.name} ${kind === 'held' ? 'held' : `failed: ${saw}`}`;
    }),
  );
}

test(`every scenario holds while the streams process is killed, seed ${String(SEED)}`, async () => {
  const moment = seededMoments(SEED);
  const telling = Promise.all(worlds.map((world) => tell(others, world)));
  for (const when of KILLS) await killStreams(when, moment(NEXT_KILL_WITHIN_MS));
  const told = await telling;
  told.push(await tell(pausing, firstWorld()));
  const held = [...worlds.flatMap(() => others), ...pausing].map(({ name }) => `${name} held`);
  expect(told.flat()).toEqual(held);
});

test('E1: nothing that the killed processes wrote stands twice', () => {
  expect(log.length).toBeGreaterThan(WORLDS * others.length);
  expect(repeatedEventIds(log, EDGE_WRITES)).toEqual([]);
});

test('each order ended once; what it reserved and held was sold or released, once', async () => {
  // A story ends with what it is about; the last release of its order may come after.
  await waitUntil(() => unbalancedOrders(byOrder(log)).length === 0, { withinMs: 10_000 });
  expect(byOrder(log).size).toBe(WORLDS * others.length + pausing.length);
  expect(unbalancedOrders(byOrder(log))).toEqual([]);
});

/** Rule A's own story lasted longer than the grace, so an alert that was due would be there. */
test('the alerts are those that the log calls for, and no other', () => {
  const orders = byOrder(log);
  const due = alertsDue(orders, RULE_A_GRACE_MS);
  const rules = due.map((alert) => alert.split(' ')[1]).sort();
  const contradicted = (rule: string) => Array.from({ length: WORLDS }, () => rule);
  expect(rules).toEqual(['RULE_A', ...contradicted('RULE_B'), ...contradicted('RULE_C')]);
  expect([...alertsRaised(orders)].sort()).toEqual([...due].sort());
});

test('a client that is not of this project decodes all that was written and finds nothing twice', async () => {
  const { brokers, registryUrl } = product.running;
  const topics = allTopics.map(({ name }) => name);
  const audit = await auditTopics({ brokers, registryUrl, topics, since: startedAt });
  expect(audit.records).toBeGreaterThan(log.length);
  expect(audit).toMatchObject({ kind: 'clean' });
});
