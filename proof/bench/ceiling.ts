/**
 * `npm run bench:ceiling`: what the broker gives to its own tools on this machine, so that the other
 * figures can be read: kafka-producer-perf-test with acks=all and kafka-consumer-perf-test, with
 * records as large as ours. Nothing is decided, kept or committed there.
 */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { programFolder } from '../../local/services/maven/maven-programs';
import type { BenchGround } from './bench-ground';
import type { Answer, Metric } from './figures';
import { runAlone, type Bench, type Question } from './question';
import { inTurns } from './turns';

/** An order's event with its header and frame. */
const RECORD_BYTES = 300;
const METRICS: readonly Metric[] = [{ name: 'records/s', decimals: 0, better: 'more' }];

export const ceiling: Question = {
  name: 'ceiling',
  services: ['kafka', 'registry'],
  ask: measure,
};

async function measure(bench: Bench): Promise<Answer> {
  const { ground, flags } = bench;
  let topics = 0;
  const sides = [
    {
      name: 'producer',
      async run() {
        topics += 1;
        const topic = topicOf(topics);
        await ground.makeTopics([topic]);
        return producerRate(ground, topic, flags.events);
      },
    },
    { name: 'consumer', run: () => consumerRate(ground, topicOf(topics), flags.events) },
  ];
  const rounds = await inTurns(bench, sides, async (side) => ({ 'records/s': await side.run() }));
  return {
    question: 'ceiling',
    title: "The broker's own tools",
    notes: [
      `${String(flags.events)} records of ${String(RECORD_BYTES)} bytes in 6 partitions; the producer with acks=all, 64 KiB batches and 5 ms linger; the consumer reads what it wrote. Each in a JVM of its own, whose start counts for the consumer as its tool has it.`,
    ],
    metrics: METRICS,
    sides: rounds,
  };
}

function topicOf(number: number): string {
  return `bench-ceiling-${String(number)}`;
}

async function producerRate(ground: BenchGround, topic: string, records: number): Promise<number> {
  const output = await tool(ground, 'ProducerPerformance', [
    ...['--topic', topic, '--num-records', String(records), '--throughput', '-1'],
    ...['--record-size', String(RECORD_BYTES), '--producer-props'],
    ...[`bootstrap.servers=${ground.brokers}`, 'acks=all', 'batch.size=65536', 'linger.ms=5'],
  ]);
  // The last line is of the whole run: "N records sent, R records/sec (…)".
  return figureIn(output, /([\d.]+) records\/sec/g);
}

async function consumerRate(ground: BenchGround, topic: string, records: number): Promise<number> {
  const output = await tool(ground, 'ConsumerPerformance', [
    ...['--bootstrap-server', ground.brokers, '--topic', topic],
    ...['--messages', String(records), '--timeout', '60000', '--hide-header'],
  ]);
  // start, end, MB, MB/s, records, records/s, …
  return figureIn(output, /^(?:[^,\n]+, ){5}([\d.]+)/gm);
}

async function tool(
  { stack }: BenchGround,
  name: 'ProducerPerformance' | 'ConsumerPerformance',
  args: readonly string[],
): Promise<string> {
  const classPath = path.join(programFolder(stack.folders.cache, 'kafka'), '*');
  const program = `org.apache.kafka.tools.${name}`;
  const { stdout } = await promisify(execFile)('java', ['-cp', classPath, program, ...args]);
  return stdout;
}

function figureIn(output: string, pattern: RegExp): number {
  const figure = [...output.matchAll(pattern)].at(-1)?.[1];
  if (figure === undefined) throw new Error(`the tool said nothing of a rate:\n${output}`);
  return Number(figure);
}

if (require.main === module) runAlone(ceiling);
