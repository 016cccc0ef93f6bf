/**
 * The runtime as a stranger gets it: packed, installed in an empty folder, and its README followed to
 * the letter against a real Kafka and registry. What it wrote is read by another client,
 * read_committed.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { Kafka, logLevel, type Consumer } from 'kafkajs';
import { packRuntime } from '../../tools/runtime-package';
import { eventually } from '../streams/runtime/probe-fixture';
import { readmeBlocks } from './readme-blocks';

/** Packing and an installation over a slow network. */
const INSTALL_MS_MAX = 300_000;
const RUN_MS_MAX = 180_000;
const README = path.join(__dirname, '../../streams/runtime/README.md');
const LEFTOVERS = /^(lines\.v1|words\.v1|word-counts\.v1|word-count\..*)$/;

/** Enough that the app is killed long before the last of them is counted. */
const LINES = 4_000;
const LINE = 'the quick fox and the dog';
const WORDS_PER_LINE = 6;

interface WordCounted {
  readonly word: string;
  readonly count: number;
}

const folder = mkdtempSync(path.join(tmpdir(), 'runtime-package-'));
const blocks = readmeBlocks(readFileSync(README, 'utf8'));
const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');
const kafka = new Kafka({ clientId: 'package-test', brokers, logLevel: logLevel.NOTHING });
const counted: WordCounted[] = [];
const running = new Set<ChildProcess>();
let reader: Consumer | undefined;

beforeAll(async () => {
  await forgetEarlierRuns();
  await packRuntime(folder);
  for (const [name, text] of blocks) {
    if (!name.includes('.')) continue;
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  await follow('install');
}, INSTALL_MS_MAX);

afterAll(async () => {
  for (const child of running) kill(child, 'SIGKILL');
  await reader?.disconnect();
  rmSync(folder, { recursive: true, force: true });
});

test(
  'its README compiles, and passes its own test without a Kafka',
  async () => {
    await follow('check');
  },
  RUN_MS_MAX,
);

test(
  'counts every word once, though it is killed while it counts',
  async () => {
    const first = begin('start');
    await follow('write');
    await eventually('the app has made its topics', hasTopicOfCounts);
    reader = await readCounts();
    await eventually('the words of the README are counted', () => counted.length === 6);
    expect(latest()).toEqual({ to: 2, be: 2, or: 1, not: 1 });

    const writing = follow('write', `yes '${LINE}' | head -n ${String(LINES)} |`);
    const total = 6 + LINES * WORDS_PER_LINE;
    await eventually('it counts what is being written', () => counted.length > 500);
    kill(first, 'SIGKILL');
    expect(counted.length).toBeLessThan(total);

    const second = begin('start');
    await writing;
    await eventually('all is counted', () => counted.length >= total);
    await stop(second);
    expect(counted).toHaveLength(total);
    const { the, quick } = latest();
    expect({ the, quick }).toEqual({ the: 2 * LINES, quick: LINES });
    for (const word of new Set(counted.map((each) => each.word))) expectOnceEach(word);
  },
  RUN_MS_MAX,
);

/** A count that was emitted twice, or never, is a gap or a repeat in the numbers of its word. */
function expectOnceEach(word: string): void {
  const numbers = counted.filter((each) => each.word === word).map(({ count }) => count);
  expect(numbers).toEqual(numbers.map((_count, place) => place + 1));
}

function latest(): Record<string, number> {
  return Object.fromEntries(counted.map(({ word, count }) => [word, count]));
}

async function readCounts(): Promise<Consumer> {
  const registry = new SchemaRegistry({ host: process.env['SCHEMA_REGISTRY_URL'] ?? '' });
  const consumer = kafka.consumer({
    groupId: `word-count-reader-${String(Date.now())}`,
    readUncommitted: false,
  });
  await consumer.connect();
  await consumer.subscribe({ topic: 'word-counts.v1', fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      counted.push((await registry.decode(message.value ?? Buffer.alloc(0))) as WordCounted);
    },
  });
  return consumer;
}

async function hasTopicOfCounts(): Promise<boolean> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return (await admin.listTopics()).includes('word-counts.v1');
  } finally {
    await admin.disconnect();
  }
}

/** A stack that stays up has the topics and the group of the run before. */
async function forgetEarlierRuns(): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const topics = (await admin.listTopics()).filter((topic) => LEFTOVERS.test(topic));
    if (topics.length > 0) await admin.deleteTopics({ topics });
    const { groups } = await admin.listGroups();
    if (groups.some(({ groupId }) => groupId === 'word-count')) {
      await admin.deleteGroups(['word-count']);
    }
  } finally {
    await admin.disconnect();
  }
}

/**
 * A step of the README that runs on; `input` stands in for the `echo` of a step that is piped to,
 * `said` takes what it prints.
 */
function begin(step: string, input?: string, said: string[] = []): ChildProcess {
  const text = blocks.get(step);
  if (text === undefined) throw new Error(`the README has no step ${step}`);
  const script = input === undefined ? text : text.replace(/^echo [^|]*\|/, input);
  const child = spawn('sh', ['-e', '-c', script], {
    cwd: folder,
    // A group of its own: the shell's children end with it.
    detached: true,
    env: { ...process.env, npm_config_prefer_offline: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  }
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
}

/** A step of the README to its end; rejects with what it said when it fails. */
async function follow(step: string, input?: string): Promise<void> {
  const said: string[] = [];
  const child = begin(step, input, said);
  const status = await new Promise((resolve) => child.once('close', resolve));
  if (status !== 0) throw new Error(`${step} ended with ${String(status)}\n${said.join('')}`);
}

async function stop(child: ChildProcess): Promise<void> {
  const closed = new Promise((resolve) => child.once('close', resolve));
  kill(child, 'SIGTERM');
  await closed;
}

function kill({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid !== undefined) process.kill(-pid, signal);
}
