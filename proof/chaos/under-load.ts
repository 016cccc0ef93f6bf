/**
 * One run, whatever disturbs it: orders flow, all of it comes to rest, and the log is judged. The
 * product runs already and is given from outside, with whoever starts again what dies.
 */
import { Crowd } from '../scenarios/crowd';
import type { RunningStack } from '../../platform/running-stack';
import { seed as seedShop } from '../scenarios/seed';
import { World } from '../scenarios/world';
import { SimulatorClient } from '../../simulator/client';
import { accountsDefaults } from '../../streams/accounts/settings';
import { alertsDefaults } from '../../streams/alerts/settings';
import { systemClock } from '../../platform/clock';
import { bringUpTopics } from '../../topics/bring-up';
import { allTopics } from '../../topics/catalogue';
import { Load } from './load';
import { untilQuiet } from './quiet';
import { ReadAlong } from './read-along';
import { reachVerdict, type Verdict } from './verdict';

export interface Subject {
  readonly stack: RunningStack;
  readonly databaseUrl: string;
  /** The simulated PayPay's journal. */
  readonly journal: string;
  /** For what is written meanwhile, emptied and removed. */
  readonly scratch: string;
  /** Ends what writes to the topics, in an orderly way; the services stay. */
  stopApps(): Promise<void>;
}

export interface LoadPlan {
  readonly seed: number;
  readonly orders: number;
  readonly ratePerS: number;
  readonly say: (line: string) => void;
}

/** What disturbs a run has the load and the log to go by. */
export interface Underway {
  readonly load: Load;
  readonly log: ReadAlong;
  /** Aborted once the orders are placed, or one of the two has failed. */
  readonly over: AbortSignal;
}

export interface LoadRun {
  readonly seed: number;
  readonly orders: number;
  readonly startedAt: number;
  /** Of the load alone. */
  readonly loadMs: number;
  readonly totalMs: number;
  /** Times that a shopper had to retry. */
  readonly retries: number;
  readonly verdict: Verdict;
}

/** Beyond the last check of a verdict, which may be the only thing left to happen. */
const QUIET_BEYOND_WATCH_MS = 20_000;
const PROGRESS_EVERY_MS = 15_000;

/** Rejects when the load, the disturbance or the judgement cannot go on. */
export async function underLoad<T>(
  subject: Subject,
  plan: LoadPlan,
  disturb: (underway: Underway) => Promise<T>,
): Promise<{ readonly run: LoadRun; readonly disturbed: T }> {
  const { stack } = subject;
  const startedAt = systemClock.now();
  const brokers = stack.brokers.split(',');
  const topics = allTopics.map(({ name }) => name);
  const codec = await bringUpTopics({
    brokers,
    registryUrl: stack.registryUrl,
    topics: allTopics,
    partitions: stack.partitions,
    replicationFactor: 1,
  });
  const log = await ReadAlong.open(brokers, topics);
  const crowd = await openCrowd(stack, plan.orders);
  const paypay = new SimulatorClient(stack.simulatorUrl);
  const over = new AbortController();
  const load = new Load({ ...plan, crowd, paypay, codec, log, stop: over.signal });
  const loadedAt = systemClock.now();
  const disturbed = await sideBySide(plan, { load, log, over }, disturb);
  const loadMs = systemClock.now() - loadedAt;
  plan.say(`${load.placed} orders placed; waiting until the topics are quiet`);
  await untilQuiet(log, subject.databaseUrl, stack.paymentsWatchMs + QUIET_BEYOND_WATCH_MS);
  await subject.stopApps();
  const { ruleAGraceMs, ruleBGraceMs } = stack;
  const verdict = await reachVerdict({
    brokers,
    topics,
    codec,
    databaseUrl: subject.databaseUrl,
    journal: subject.journal,
    folder: subject.scratch,
    alerts: { ...alertsDefaults, ruleAGraceMs, ruleBGraceMs },
    accounts: accountsDefaults,
    accepted: load.accepted,
    readAlong: log,
    say: plan.say,
  });
  const totalMs = systemClock.now() - startedAt;
  const { placed, retries } = load;
  const run = { seed: plan.seed, orders: placed, startedAt, loadMs, totalMs, retries, verdict };
  return { run, disturbed };
}

async function openCrowd(stack: RunningStack, orders: number): Promise<Crowd> {
  const world = await World.open(stack, `crowd-${systemClock.now()}`, []);
  try {
    await seedShop(world);
    return await Crowd.open(world, { name: 'crowd', orders });
  } finally {
    await world.close();
  }
}

/** The load and what disturbs it; the first failure ends both. */
async function sideBySide<T>(
  { orders, say }: LoadPlan,
  { load, log, over }: { load: Load; log: ReadAlong; over: AbortController },
  disturb: (underway: Underway) => Promise<T>,
): Promise<T> {
  const progress = setInterval(
    () => say(`${load.placed} of ${orders} orders placed`),
    PROGRESS_EVERY_MS,
  );
  try {
    const disturbing = disturb({ load, log, over: over.signal });
    await Promise.all([load.run(), disturbing]);
    return await disturbing;
  } finally {
    over.abort();
    clearInterval(progress);
  }
}
