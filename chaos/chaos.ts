/**
 * One run: orders flow, processes die, all of it comes to rest, and the log is judged. The product
 * runs already and is given from outside, with whoever starts again what dies.
 */
import { Crowd } from '../scenarios/crowd';
import type { RunningStack } from '../scenarios/running-stack';
import { seed as seedShop } from '../scenarios/seed';
import { World } from '../scenarios/world';
import { SimulatorClient } from '../simulator/client';
import { accountsDefaults } from '../streams/accounts/settings';
import { alertsDefaults } from '../streams/alerts/settings';
import { systemClock } from '../streams/runtime/clock';
import { Random } from '../streams/simulation/random';
import { bringUpTopics } from '../topics/bring-up';
import { allTopics } from '../topics/catalogue';
import { planKills } from './kill-plan';
import { Killer, type Kill } from './killer';
import { Load } from './load';
import { untilQuiet } from './quiet';
import { ReadAlong } from './read-along';
import type { ChaosRun } from './report';
import { SignsOfLife } from './signs-of-life';
import { reachVerdict } from './verdict';
import type { Target } from './victim';

export interface Subject {
  readonly stack: RunningStack;
  readonly databaseUrl: string;
  /** The simulated PayPay's journal. */
  readonly journal: string;
  /** Of the files in which the processes show the steps of their commits. */
  readonly stepFolder: string;
  /** For what is written meanwhile, emptied and removed. */
  readonly scratch: string;
  readonly targets: readonly Target[];
  /** Ends what writes to the topics, in an orderly way; the services stay. */
  stopApps(): Promise<void>;
}

export interface ChaosOptions {
  readonly seed: number;
  readonly orders: number;
  readonly kills: number;
  readonly ratePerS: number;
  readonly brokers: number;
  readonly say: (line: string) => void;
}

/** Beyond the last check of a verdict, which may be the only thing left to happen. */
const QUIET_BEYOND_WATCH_MS = 20_000;
const PROGRESS_EVERY_MS = 15_000;

export async function runChaos(subject: Subject, options: ChaosOptions): Promise<ChaosRun> {
  const { stack } = subject;
  const { orders, say, seed } = options;
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
  const readAlong = await ReadAlong.open(brokers, topics);
  const world = await World.open(stack, `chaos-${startedAt}`, []);
  await seedShop(world);
  const crowd = await Crowd.open(world, { name: 'crowd', orders });
  await world.close();
  const paypay = new SimulatorClient(stack.simulatorUrl);
  const over = new AbortController();
  const load = new Load({
    ...options,
    crowd,
    paypay,
    codec,
    log: readAlong,
    stop: over.signal,
  });
  const loadedAt = systemClock.now();
  const kills = await underFire(subject, options, { load, readAlong, over });
  const loadMs = systemClock.now() - loadedAt;
  say(`${load.placed} orders placed; waiting until nothing moves any more`);
  await untilQuiet(readAlong, subject.databaseUrl, stack.paymentsWatchMs + QUIET_BEYOND_WATCH_MS);
  await subject.stopApps();
  const verdict = await reachVerdict({
    brokers,
    topics,
    codec,
    databaseUrl: subject.databaseUrl,
    journal: subject.journal,
    folder: subject.scratch,
    alerts: {
      ...alertsDefaults,
      ruleAGraceMs: stack.ruleAGraceMs,
      ruleBGraceMs: stack.ruleBGraceMs,
    },
    accounts: accountsDefaults,
    accepted: load.accepted,
    readAlong,
    say,
  });
  return {
    seed,
    orders: load.placed,
    brokers: options.brokers,
    startedAt,
    loadMs,
    totalMs: systemClock.now() - startedAt,
    retries: load.retries,
    victims: subject.targets.map(({ name }) => name),
    kills,
    verdict,
  };
}

interface Underway {
  readonly load: Load;
  readonly readAlong: ReadAlong;
  readonly over: AbortController;
}

/** The load and the kills side by side; the first failure ends both. */
async function underFire(
  { stack, databaseUrl, stepFolder, targets }: Subject,
  { kills, orders, say, seed }: ChaosOptions,
  { load, readAlong, over }: Underway,
): Promise<readonly Kill[]> {
  const { registryUrl } = stack;
  const signs = new SignsOfLife(readAlong, { databaseUrl, registryUrl });
  const killer = new Killer({ targets, stepFolder, signs, say, stop: over.signal });
  const names = targets.map(({ name }) => name);
  const plan = planKills(new Random(seed).fork('kills'), names, { kills, orders });
  const progress = setInterval(
    () => say(`${load.placed} of ${orders} orders placed`),
    PROGRESS_EVERY_MS,
  );
  try {
    const killing = killer.run(plan, () => load.placed);
    await Promise.all([load.run(), killing]);
    return await killing;
  } finally {
    over.abort();
    clearInterval(progress);
  }
}
