/**
 * `npm run bench:join`: a backlog of orders and payments, joined under the rules A to E,
 * exactly-once. The app as it is beside the same rules on Kafka Streams, one broker, one log. All
 * sides must raise the same alerts to the letter, or the run fails.
 */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { alertSetOf, assertExpected, assertSameAlerts, raisedIn, type AlertSet } from './alert-set';
import { kafkaStreamsAlerts, ourAlerts, type AlertSide, type RunningSide } from './alert-sides';
import { sumOf, type BenchGround } from './bench-ground';
import { chosen } from './bench-flags';
import type { Answer, Metric } from './figures';
import { loadLog } from './log-load';
import { otherCheckout } from './production';
import { JOIN_INPUTS, OrderLog } from './order-log';
import { runAlone, type Bench, type Question } from './question';
import { inTurns } from './turns';
import { usageOf } from './usage';

/** Longer than a wave takes to write, and shorter than a pause. */
const GRACE_MS = 2_000;
const PAUSE_MS = GRACE_MS + 500;
const WAVES = 4;
const SHARE_OF_EACH_RULE = 0.01;
const COMMIT_MS = 100;
/** How often the committed offsets are asked for; the error of a time taken by them. */
const LOOK_MS = 20;
const DONE_WITHIN_MS = 10 * 60_000;
/** What of the log is handled before the second figure begins: compilers and caches are warm. */
const WARM_SHARE = 0.25;
const MIB = 1024 ** 2;

const METRICS: readonly Metric[] = [
  { name: 'events/s', decimals: 0, better: 'more' },
  { name: 'events/s, once warm', decimals: 0, better: 'more' },
  { name: 'events per CPU-second', decimals: 0, better: 'more' },
  { name: 'events per CPU-second, with the broker', decimals: 0, better: 'more' },
  { name: 'CPU-seconds from start to end', decimals: 1, better: 'less' },
  { name: 'seconds from start to end', decimals: 1, better: 'less' },
  { name: 'peak memory, MiB', decimals: 0, better: 'less' },
];

export const join: Question = {
  name: 'join',
  services: ['kafka', 'registry'],
  ask: measure,
};

async function measure(bench: Bench): Promise<Answer> {
  const { flags, ground, say } = bench;
  const log = new OrderLog({
    seed: flags.seed,
    events: flags.events,
    waves: WAVES,
    shareOfEachRule: SHARE_OF_EACH_RULE,
  });
  const sides = sidesOf(bench);
  const { ms } = await loadLog(ground, log, PAUSE_MS);
  const events = sumOf(await ground.ends(JOIN_INPUTS.map(({ name }) => name)));
  say(`${String(events)} events written in ${String(ms)} ms`);
  let first: { readonly side: string; readonly said: AlertSet } | undefined;
  const rounds = await inTurns(bench, sides, async (side) => {
    const { figures, said } = await round(ground, side, events);
    first ??= { side: side.name, said };
    assertExpected(said, log);
    assertSameAlerts(first.side, first.said, side.name, said);
    return figures;
  });
  const alerts = raisedIn(first?.said ?? new Map());
  return {
    question: 'join',
    title: 'Alert join: a backlog under the rules A to E, exactly-once',
    notes: [
      `${String(events)} events of orders and payments in 6 partitions, seed ${String(flags.seed)}; ${String(alerts.length)} alerts raised, and every alert and every change of one the same on all sides, to the letter.`,
      `Grace of A and B ${String(GRACE_MS)} ms; commit interval of Kafka Streams ${String(COMMIT_MS)} ms, cache 256 MiB, RocksDB stores with changelogs.`,
      'Events/s: from the first committed offsets to the last ones; once warm: from a quarter of the log on. CPU over the first of these times.',
      `Ours: compiled, from ${path.basename(flags.build.compiled ?? flags.build.checkout)}/. One process a side; the broker is shared, and its CPU counted apart.`,
    ],
    metrics: METRICS,
    sides: rounds,
  };
}

function sidesOf({ flags, ground, folder }: Bench): readonly AlertSide[] {
  const options = {
    ground,
    build: flags.build,
    folder: path.join(folder, 'stores'),
    graceMs: GRACE_MS,
    profileTo: flags.profile ? path.join(folder, 'profiles') : undefined,
  };
  const streams = (threads: number) =>
    kafkaStreamsAlerts(`kafka-streams-${String(threads)}`, options, {
      threads,
      commitMs: COMMIT_MS,
    });
  const { baseline } = flags;
  const ours = [ourAlerts('ours', options)];
  if (baseline !== undefined) {
    ours.push(ourAlerts('baseline', { ...options, build: otherCheckout(baseline) }));
  }
  return chosen('--sides', [...ours, streams(1), streams(2)], flags.sides);
}

interface Mark {
  readonly at: number;
  readonly handled: number;
  readonly cpuSeconds: number;
  readonly brokerCpuSeconds: number;
}

async function round(ground: BenchGround, side: AlertSide, events: number) {
  const running = await side.begin();
  const begun = performance.now();
  try {
    await running.process.start();
    const [first, warm, last] = await marksOf(ground, running, [1, events * WARM_SHARE, events]);
    if (first === undefined || warm === undefined || last === undefined)
      throw new Error('no marks');
    const used = usageOf(running.process.pid ?? 0);
    await running.process.stop();
    const said = await alertSetOf(ground.broker, ground.codec, [running.raised, running.lifecycle]);
    const cpu = last.cpuSeconds - first.cpuSeconds;
    const handled = last.handled - first.handled;
    const figures = {
      'events/s': perSecond(first, last),
      'events/s, once warm': perSecond(warm, last),
      'events per CPU-second': handled / cpu,
      'events per CPU-second, with the broker':
        handled / (cpu + last.brokerCpuSeconds - first.brokerCpuSeconds),
      'CPU-seconds from start to end': last.cpuSeconds,
      'seconds from start to end': (last.at - begun) / 1_000,
      'peak memory, MiB': used.peakBytes / MIB,
    };
    return { figures, said };
  } finally {
    await running.end();
  }
}

function perSecond(from: Mark, to: Mark): number {
  return (to.handled - from.handled) / ((to.at - from.at) / 1_000);
}

/** When so many records were handled, and what that had cost. */
async function marksOf(
  ground: BenchGround,
  { process, group }: RunningSide,
  thresholds: readonly number[],
): Promise<readonly Mark[]> {
  const inputs = JOIN_INPUTS.map(({ name }) => name);
  const marks: Mark[] = [];
  const giveUpAt = performance.now() + DONE_WITHIN_MS;
  let ended: string | undefined;
  process.onExit((exit) => (ended = JSON.stringify(exit)));
  while (marks.length < thresholds.length) {
    const handled = await ground.handled(group, inputs);
    while (handled >= (thresholds[marks.length] ?? Infinity)) {
      marks.push({
        at: performance.now(),
        handled,
        cpuSeconds: usageOf(process.pid ?? 0).cpuSeconds,
        brokerCpuSeconds: ground.brokerUsage().cpuSeconds,
      });
    }
    if (ended !== undefined) throw new Error(`it ended with ${ended}; see ${process.logFile}`);
    if (performance.now() > giveUpAt) {
      throw new Error(`only ${String(handled)} were handled in time; see ${process.logFile}`);
    }
    await sleep(LOOK_MS);
  }
  return marks;
}

if (require.main === module) runAlone(join);
