/**
 * `npm run bench:recovery -- [--keys N] [--many N] [--rounds N] [--var FOLDER]`: back at work after
 * kill -9, beside Kafka Streams under exactly-once (version 2), in one run on one broker.
 *
 *   (a) the same process is started again; the peer with static membership. Also with `--many` keys
 *   (b) another process takes over what the killed one held, from the assignment on
 *   (c) the store is lost and rebuilt, beside the raw consumer of the same client
 *
 * Prints the machine, the figures and their ratios, and writes them to `bench/recovery.json` of the
 * folder. A benchmark judges nothing: status 0 means that it ran.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildProcesses } from '../../../local/pipeline/process-build';
import { runCommand } from '../../../local/processes/command-runner';
import { progressOn } from '../../../local/processes/progress';
import { startStack } from '../../../local/stack/stack';
import { StackError } from '../../../local/stack/stack-error';
import { projectFolder, stackFolders } from '../../../local/stack/stack-folders';
import type { StopRequest } from '../../../local/processes/stop-signals';
import { WORKER_LIMITS } from '../../../streams/runtime/limits';
import { installJavaPeer } from '../java-peer';
import { thisMachine } from '../machine';
import { kafkaStreams, ourApp, type Contestant, type Track } from './contestants';
import { Course } from './course';
import { stateBytes } from './latest-value';
import { reportOf, type RecoveryFigures, type SideFigures } from './report';
import {
  readRaw,
  rebuild,
  restart,
  takeOver,
  type Restart,
  type Running,
  type TakeOver,
} from './rounds';

interface Flags {
  readonly keys: number;
  readonly many: number;
  readonly rounds: number;
  readonly varFolder: string;
}

function readFlags(args: readonly string[]): Flags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      keys: { type: 'string', default: '750000' },
      many: { type: 'string', default: '5000000' },
      rounds: { type: 'string', default: '3' },
      var: { type: 'string', default: path.join(projectFolder, 'var', 'bench') },
    },
  });
  const whole = (name: 'keys' | 'many' | 'rounds', min: number): number => {
    const number = Number(values[name]);
    if (Number.isSafeInteger(number) && number >= min) return number;
    throw new StackError('BAD_ARGUMENTS', `--${name} is a whole number of at least ${String(min)}`);
  };
  return {
    keys: whole('keys', 100),
    many: whole('many', 0),
    rounds: whole('rounds', 1),
    varFolder: path.resolve(values.var),
  };
}

async function bench(args: readonly string[], stop: StopRequest): Promise<number> {
  const flags = readFlags(args);
  const classPath = await installJavaPeer();
  await buildProcesses(console.error, stop.asked);
  const stack = await startStack({
    folders: stackFolders(flags.varFolder),
    only: ['kafka'],
    fresh: true,
    environment: process.env,
    progress: progressOn(),
    abandon: stop.asked,
  });
  const folder = path.join(flags.varFolder, 'bench', 'stores');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const brokers = stack.environment['KAFKA_BROKERS'] ?? process.env['KAFKA_BROKERS'] ?? '';
  const course = await Course.open(brokers);
  try {
    const machine = thisMachine();
    const figures = await measure(course, flags, { brokers, folder, classPath });
    for (const line of reportOf(machine, flags, figures)) console.log(line);
    const file = path.join(flags.varFolder, 'bench', 'recovery.json');
    writeFileSync(file, `${JSON.stringify({ machine, flags, ...figures }, null, 2)}\n`);
    console.log(`written to ${file}`);
    return 0;
  } finally {
    await course.close();
    await stack.stop();
  }
}

type Place = Pick<Track, 'brokers' | 'folder' | 'classPath'>;

async function measure(course: Course, flags: Flags, place: Place): Promise<RecoveryFigures> {
  const { keys, many, rounds } = flags;
  const run = String(Date.now());
  const input = `usual-${run}`;
  await course.createTopics([input], []);
  await course.load(place.classPath, input, keys);
  const track = trackOf(place, input);
  const ours = await side(course, ourApp(`ours-${run}`, track), input, flags);
  const peer = await side(course, kafkaStreams(`peer-${run}`, track), input, flags);
  const crowd = `many-${run}`;
  if (many > 0) {
    await course.createTopics([crowd], []);
    await course.load(place.classPath, crowd, many);
  }
  return {
    ours,
    peer,
    ...(many === 0 ? {} : { many: await sideOfMany(course, run, trackOf(place, crowd), flags) }),
    takeOver: {
      ours: await takenOver(course, ourApp, `ours-take-${run}`, place, keys),
      peer: await takenOver(course, kafkaStreams, `peer-take-${run}`, place, keys),
    },
    rounds,
  };
}

function trackOf(place: Place, input: string): Track {
  const { sessionTimeoutMs } = WORKER_LIMITS;
  return { ...place, input, sessionTimeoutMs, stateBytes: stateBytes() };
}

async function side(
  course: Course,
  contestant: Contestant,
  input: string,
  { keys, rounds }: Flags,
): Promise<SideFigures> {
  say(`${contestant.name}: ${String(keys)} keys`);
  const { running, perSecond } = await filled(course, contestant, input, keys);
  try {
    const restarts: Restart[] = [];
    for (let round = 0; round < rounds; round += 1) {
      restarts.push(await restart(course, running, input));
      say(`  restarted: ${JSON.stringify(restarts.at(-1))}`);
    }
    const rebuilt = await rebuild(course, running, input);
    say(`  rebuilt: ${JSON.stringify(rebuilt)}`);
    const raw = await readRaw(course, contestant);
    say(`  raw: ${JSON.stringify(raw)}`);
    return { filledPerSecond: perSecond, restarts, rebuilt, raw };
  } finally {
    await running.process.kill();
  }
}

async function sideOfMany(
  course: Course,
  run: string,
  track: Track,
  { many, rounds }: Flags,
): Promise<Pick<SideFigures, 'filledPerSecond' | 'restarts'>> {
  const contestant = ourApp(`ours-many-${run}`, track);
  say(`${contestant.name}: ${String(many)} keys`);
  const { running, perSecond } = await filled(course, contestant, track.input, many);
  try {
    const restarts: Restart[] = [];
    for (let round = 0; round < rounds; round += 1) {
      restarts.push(await restart(course, running, track.input));
      say(`  restarted: ${JSON.stringify(restarts.at(-1))}`);
    }
    return { filledPerSecond: perSecond, restarts };
  } finally {
    await running.process.kill();
  }
}

/** Started, and through with its input: the state is there, and the figure says how fast it came. */
async function filled(
  course: Course,
  contestant: Contestant,
  input: string,
  keys: number,
): Promise<{ readonly running: Running; readonly perSecond: number }> {
  await prepare(course, contestant);
  const running = { contestant, process: contestant.start('one', 'static') };
  await course.handled(contestant.group, input, keys, () => running.process.assertAlive());
  const perSecond = Math.round(keys / ((Date.now() - running.process.startedAt) / 1_000));
  say(`  filled: ${String(perSecond)} records/s`);
  return { running, perSecond };
}

async function takenOver(
  course: Course,
  entrant: (name: string, track: Track) => Contestant,
  name: string,
  place: Place,
  keys: number,
): Promise<TakeOver> {
  const input = `${name}.input`;
  await course.createTopics([input], []);
  const contestant = entrant(name, trackOf(place, input));
  await prepare(course, contestant);
  const taken = await takeOver(course, contestant, input, async () => {
    await course.load(place.classPath, input, keys);
    return keys;
  });
  say(`${contestant.name}, taken over: ${JSON.stringify(taken)}`);
  return taken;
}

/** The peer makes its own changelog. */
async function prepare(course: Course, contestant: Contestant): Promise<void> {
  const { changelog, deadLetters, output } = contestant;
  const own = deadLetters === undefined ? [] : [deadLetters];
  await course.createTopics([output, ...own], deadLetters === undefined ? [] : [changelog]);
}

function say(line: string): void {
  console.error(line);
}

runCommand(bench);
