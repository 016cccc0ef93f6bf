/**
 * `npm run bench:latency`: how long after the record that makes it true an alert can be read, at
 * several rates. From the log-append time of that record to the moment when a reader of committed
 * records has the alert; rules C, D and E, which wait for nothing. The app as it is beside the same
 * rules on Kafka Streams, which commits every 20 ms.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { NewRecord } from '../../streams/runtime/broker';
import { openEventProducer, type EventProducer } from '../../streams/runtime/kafka/event-producer';
import { alertSetOf, assertExpected } from './alert-set';
import {
  alertSideOptions,
  baselineAlerts,
  kafkaStreamsAlerts,
  ourAlerts,
  type AlertSide,
  type RunningSide,
} from './alert-sides';
import { AlertWatch, type SeenAlert } from './alert-watch';
import { PARTITIONS, sumOf, type BenchGround } from './bench-ground';
import { chosen } from './bench-flags';
import type { Answer, Metric } from './figures';
import { recordOf } from './log-load';
import { closingEvents, JOIN_INPUTS, OrderLog } from './order-log';
import { writePaced } from './paced-writer';
import { runAlone, type Bench, type Question } from './question';
import { quantile } from './statistics';
import { inTurns } from './turns';
import { usageOf } from './usage';

interface Stage {
  readonly perSecond: number;
  readonly seconds: number;
}

/** Not counted: compilers get to know the code. */
const WARM: Stage = { perSecond: 3_000, seconds: 8 };
const STAGES: readonly Stage[] = [
  { perSecond: 500, seconds: 15 },
  { perSecond: 2_000, seconds: 15 },
  { perSecond: 20_000, seconds: 8 },
];
/** Above what a side is behind at worst: Kafka Streams would raise A and B falsely, and stop at that. */
const GRACE_MS = 20_000;
const SHARE_OF_EACH_RULE = 0.05;
const KAFKA_STREAMS_COMMIT_MS = 20;
const AT_ONCE: readonly string[] = ['RULE_C', 'RULE_D', 'RULE_E'];
const LOOK_MS = 50;
const DONE_WITHIN_MS = 5 * 60_000;
/** Whoever handles nothing for so long has died. */
const STILL_MS = 30_000;

const SHARES = [
  { name: 'p50', share: 0.5 },
  { name: 'p99', share: 0.99 },
  { name: 'p99.9', share: 0.999 },
];

const METRICS: readonly Metric[] = STAGES.flatMap(({ perSecond }) => [
  ...SHARES.map(({ name }) => ({
    name: `${name} at ${rateText(perSecond)}, ms`,
    decimals: 0,
    better: 'less' as const,
  })),
  { name: `behind at the end of ${rateText(perSecond)}, ms`, decimals: 0, better: 'less' as const },
  { name: `CPU-seconds for ${rateText(perSecond)}`, decimals: 1, better: 'less' as const },
]);

export const latency: Question = {
  name: 'latency',
  services: ['kafka', 'registry'],
  ask: measure,
};

async function measure(bench: Bench): Promise<Answer> {
  const { flags, ground } = bench;
  const sides = sidesOf(bench);
  const rounds = await inTurns(bench, sides, (side) => round(ground, side, flags.seed));
  return {
    question: 'latency',
    title: 'Alert latency: from the record that makes it true to a reader that has it',
    notes: [
      `Alerts of the rules C, D and E, ${String(SHARE_OF_EACH_RULE * 100)} % of the orders each, 6 partitions, exactly-once; read by a reader of committed records.`,
      `Kafka Streams on one and on two threads, commit every ${String(KAFKA_STREAMS_COMMIT_MS)} ms, cache 256 MiB.`,
      `Stages of ${STAGES.map(({ perSecond, seconds }) => `${rateText(perSecond)} for ${String(seconds)} s`).join(', ')}, after ${String(WARM.seconds)} s that do not count; each begins when all before is handled. The writer and the reader are on the same machine.`,
      'Behind at the end: from the last record acknowledged until every record is handled. Where it is not small the side could not keep up, and its latency is the queue.',
      'Every order that must raise an alert did, and no other.',
    ],
    metrics: METRICS,
    sides: rounds,
  };
}

function sidesOf(bench: Bench): readonly AlertSide[] {
  const { flags } = bench;
  const options = alertSideOptions(bench, GRACE_MS);
  const ours = [ourAlerts('ours-1', 1, options), ...baselineAlerts(flags.baseline, options)];
  const peers = [1, 2].map((threads) =>
    kafkaStreamsAlerts(`streams-${String(threads)}`, options, {
      threads,
      commitMs: KAFKA_STREAMS_COMMIT_MS,
    }),
  );
  return chosen('--sides', [...ours, ...peers], flags.sides);
}

/** The topics are empty at its beginning, and the log grows while the side works. */
async function round(ground: BenchGround, side: AlertSide, seed: number) {
  await ground.dropTopics((name) => JOIN_INPUTS.some((topic) => topic.name === name));
  await ground.remakeTopics();
  const running = await side.begin();
  const producer = openEventProducer({
    brokers: ground.brokers.split(','),
    clientId: 'bench-load',
  });
  try {
    await Promise.all(running.processes.map((process) => process.start()));
    return await played(ground, running, producer, seed);
  } finally {
    await producer.close();
    await running.end();
  }
}

interface Span {
  readonly from: number;
  readonly to: number;
}

async function played(
  ground: BenchGround,
  running: RunningSide,
  producer: EventProducer,
  seed: number,
): Promise<Readonly<Record<string, number>>> {
  const stages = [WARM, ...STAGES];
  const counts = stages.map(({ perSecond, seconds }) => perSecond * seconds);
  const log = new OrderLog({
    seed,
    events: counts.reduce((sum, count) => sum + count, 0),
    waves: 1,
    shareOfEachRule: SHARE_OF_EACH_RULE,
  });
  const records = [...log.waves()].flatMap((wave) =>
    [...wave].map((logged) => recordOf(logged, ground.codec)),
  );
  const watch = new AlertWatch(ground.broker, ground.codec, running.raised);
  const spans: (Span & { readonly figures: Readonly<Record<string, number>> })[] = [];
  let at = 0;
  for (const [index, stage] of stages.entries()) {
    const isLast = index === stages.length - 1;
    const until = isLast ? records.length : at + (counts[index] ?? 0);
    spans.push(await playStage(ground, running, producer, stage, records.slice(at, until)));
    at = until;
  }
  await sleep(GRACE_MS + LOOK_MS);
  const closing = closingEvents(PARTITIONS).map((logged) => recordOf(logged, ground.codec));
  await producer.send(closing, DONE_WITHIN_MS);
  await allHandled(ground, running);
  const seen = await watch.end();
  assertExpected(
    await alertSetOf(ground.broker, ground.codec, [running.raised, running.lifecycle]),
    log,
  );
  await Promise.all(running.processes.map((process) => process.stop()));
  const counted = STAGES.map(({ perSecond }, index) => {
    const span = spans[index + 1];
    if (span === undefined) throw new Error('a stage was not played');
    return { ...span.figures, ...latenciesOf(seen, perSecond, span) };
  });
  return Object.assign({}, ...counted) as Record<string, number>;
}

async function playStage(
  ground: BenchGround,
  running: RunningSide,
  producer: EventProducer,
  { perSecond }: Stage,
  records: readonly NewRecord[],
) {
  const cpu = cpuOf(running);
  const from = Date.now();
  await writePaced(producer, records, perSecond);
  const to = Date.now();
  await allHandled(ground, running);
  const figures = {
    [`behind at the end of ${rateText(perSecond)}, ms`]: Date.now() - to,
    [`CPU-seconds for ${rateText(perSecond)}`]: cpuOf(running) - cpu,
  };
  return { from, to: Date.now(), figures };
}

function latenciesOf(
  seen: readonly SeenAlert[],
  perSecond: number,
  { from, to }: Span,
): Readonly<Record<string, number>> {
  const latencies = seen.flatMap(({ alert: { rule, detectedAt }, seenAt }) =>
    AT_ONCE.includes(rule) && detectedAt >= from && detectedAt <= to ? [seenAt - detectedAt] : [],
  );
  return Object.fromEntries(
    SHARES.map(({ name, share }) => [
      `${name} at ${rateText(perSecond)}, ms`,
      quantile(latencies, share),
    ]),
  );
}

async function allHandled(ground: BenchGround, running: RunningSide): Promise<void> {
  const inputs = JOIN_INPUTS.map(({ name }) => name);
  const written = sumOf(await ground.ends(inputs));
  let handled = await ground.handled(running.group, inputs);
  let movedAt = performance.now();
  while (handled < written) {
    if (performance.now() - movedAt > STILL_MS) {
      const logs = running.processes.map(({ logFile }) => logFile).join(' and ');
      throw new Error(
        `stands still at ${String(handled)} of ${String(written)} records; see ${logs}`,
      );
    }
    await sleep(LOOK_MS);
    const now = await ground.handled(running.group, inputs);
    if (now > handled) [handled, movedAt] = [now, performance.now()];
  }
}

function cpuOf({ processes }: RunningSide): number {
  return processes.reduce((sum, { pid }) => sum + usageOf(pid ?? 0).cpuSeconds, 0);
}

function rateText(perSecond: number): string {
  return `${perSecond.toLocaleString('en-US')}/s`;
}

if (require.main === module) runAlone(latency);
