/**
 * `npm run bench:join`: a backlog of orders and payments, joined under the rules A to E,
 * exactly-once. The app as it is beside the same rules on Kafka Streams, one broker, one log. All
 * sides must raise the same alerts to the letter, or the run fails.
 */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { alertSetOf, assertExpected, assertSameAlerts, raisedIn, type AlertSet } from './alert-set';
import {
  alertSideOptions,
  baselineAlerts,
  kafkaStreamsAlerts,
  ourAlerts,
  type AlertSide,
  type RunningSide,
} from './alert-sides';
import { sumOf, type BenchGround } from './bench-ground';
import { chosen } from './bench-flags';
import type { Answer, Metric } from './figures';
import { loadLog } from './log-load';
import { JOIN_INPUTS, OrderLog } from './order-log';
import { runAlone, type Bench, type Question } from './question';
import { inTurns } from './turns';
import { usageOf, type Usage } from './usage';

/** Longer than a wave takes to write, and shorter than a pause. */
const GRACE_MS = 2_000;
const PAUSE_MS = GRACE_MS + 500;
const WAVES = 4;
const SHARE_OF_EACH_RULE = 0.01;
/** Of Kafka Streams: its default under exactly-once, and as long as ours waits under a backlog. */
const COMMITS_MS = [100, 1_000];
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
      `Grace of A and B ${String(GRACE_MS)} ms; Kafka Streams by its threads and its commit interval in ms, cache 256 MiB, RocksDB stores with changelogs.`,
      'Events/s: from the first committed offsets to the last ones; once warm: from a quarter of the log on. CPU over the first of these times.',
      `Ours: compiled, from ${path.basename(flags.build.compiled ?? flags.build.checkout)}/. By the number of its processes. The broker is shared, and its CPU counted apart.`,
    ],
    metrics: METRICS,
    sides: rounds,
  };
}

function sidesOf(bench: Bench): readonly AlertSide[] {
  const { flags } = bench;
  const options = alertSideOptions(bench, GRACE_MS);
  const streams = (threads: number, commitMs: number) =>
    kafkaStreamsAlerts(`streams-${String(threads)}-${String(commitMs)}`, options, {
      threads,
      commitMs,
    });
  const ours = [
    ourAlerts('ours-1', 1, options),
    ourAlerts('ours-2', 2, options),
    ...baselineAlerts(flags.baseline, options),
  ];
  const peers = COMMITS_MS.flatMap((commitMs) => [streams(1, commitMs), streams(2, commitMs)]);
  return chosen('--sides', [...ours, ...peers], flags.sides);
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
    await Promise.all(running.processes.map((process) => process.start()));
    const [first, warm, last] = await marksOf(ground, running, [1, events * WARM_SHARE, events]);
    if (first === undefined || warm === undefined || last === undefined)
      throw new Error('no marks');
    const used = usedBy(running);
    await Promise.all(running.processes.map((process) => process.stop()));
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
  running: RunningSide,
  thresholds: readonly number[],
): Promise<readonly Mark[]> {
  const inputs = JOIN_INPUTS.map(({ name }) => name);
  const marks: Mark[] = [];
  const giveUpAt = performance.now() + DONE_WITHIN_MS;
  let ended: string | undefined;
  for (const process of running.processes) {
    process.onExit((exit) => (ended = `it ended with ${JSON.stringify(exit)}; ${logsOf(running)}`));
  }
  while (marks.length < thresholds.length) {
    const handled = await ground.handled(running.group, inputs);
    while (handled >= (thresholds[marks.length] ?? Infinity)) {
      marks.push({
        at: performance.now(),
        handled,
        cpuSeconds: usedBy(running).cpuSeconds,
        brokerCpuSeconds: ground.brokerUsage().cpuSeconds,
      });
    }
    if (ended !== undefined) throw new Error(ended);
    if (performance.now() > giveUpAt) {
      throw new Error(`only ${String(handled)} were handled in time; ${logsOf(running)}`);
    }
    await sleep(LOOK_MS);
  }
  return marks;
}

/** Of all its processes; peaks are added up. */
function usedBy({ processes }: RunningSide): Usage {
  const all = processes.map(({ pid }) => usageOf(pid ?? 0));
  return {
    cpuSeconds: all.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    peakBytes: all.reduce((sum, { peakBytes }) => sum + peakBytes, 0),
  };
}

function logsOf({ processes }: RunningSide): string {
  return `see ${processes.map(({ logFile }) => logFile).join(' and ')}`;
}

if (require.main === module) runAlone(join);
