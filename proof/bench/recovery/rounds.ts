/**
 * What is measured, one function a question. Each kills with SIGKILL a process that has handled
 * everything, writes one record to every partition, and waits for what comes out.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { nodeProcess } from '../../../local/processes/node-process';
import type { Contestant } from './contestants';
import { PARTITIONS, type Course } from './course';
import type { ProcessUnderTest } from './process-under-test';

/** Far more than any of it takes. */
const WITHIN_MS = 180_000;
const LOOK_AGAIN_MS = 50;
const everyPartition = Array.from({ length: PARTITIONS }, (_, partition) => partition);

export interface Restart {
  /** From the start of the new process to the first record that it processed, ms. */
  readonly firstMs: number;
  /** The same for the last partition to go on. */
  readonly allMs: number;
  /** Changelog records read on the way. */
  readonly reread: number;
}

export interface TakeOver {
  /** From the assignment to the first record processed of what was taken over, ms. */
  readonly firstMs: number;
  /** The same for the last partition to go on. */
  readonly allMs: number;
  /** The first record, from the kill on: with the session timeout. */
  readonly sinceKillMs: number;
}

export interface Rate {
  readonly records: number;
  readonly perSecond: number;
}

export interface Running {
  readonly contestant: Contestant;
  process: ProcessUnderTest;
}

/** (a) The same process is killed and started again, its disk as it was. */
export async function restart(course: Course, running: Running, input: string): Promise<Restart> {
  const { contestant } = running;
  const from = await course.ends(contestant.output);
  await running.process.kill();
  await course.writeMarkers(input);
  running.process = contestant.start('one', 'static');
  const { startedAt } = running.process;
  const seen = await course.firstResults(contestant.output, from, everyPartition, WITHIN_MS);
  return {
    firstMs: seen.first - startedAt,
    allMs: seen.last - startedAt,
    reread: restoredRecords(running.process),
  };
}

/**
 * (b) Another process takes over what the killed one held; from the assignment on. The two share the
 * partitions before there is anything in them: a peer that has state already gives none of it away.
 */
export async function takeOver(
  course: Course,
  contestant: Contestant,
  input: string,
  fill: () => Promise<number>,
): Promise<TakeOver> {
  const one = contestant.start('one', 'dynamic');
  const members = [one];
  const alive = () => members.forEach((member) => member.assertAlive());
  try {
    // One after the other: what the second was ever given, it holds.
    await until('the first has them all', alive, () => heldBy(one).length === PARTITIONS);
    const two = contestant.start('two', 'dynamic');
    members.push(two);
    await until('the two share the partitions', alive, () => isShare(heldBy(two).length));
    await course.handled(contestant.group, input, await fill(), alive);
    const taken = everyPartition.filter((partition) => !heldBy(two).includes(partition));
    const from = await course.ends(contestant.output);
    const killedAt = await one.kill();
    await course.writeMarkers(input);
    const seen = await course.firstResults(contestant.output, from, taken, WITHIN_MS);
    const { at } = await two.hears(contestant.assignedWord, killedAt, WITHIN_MS);
    return { firstMs: seen.first - at, allMs: seen.last - at, sinceKillMs: seen.first - killedAt };
  } finally {
    for (const member of members) await member.kill();
  }
}

function isShare(held: number): boolean {
  return held > 0 && held < PARTITIONS;
}

/** Every one that it was given since it was started. */
function heldBy({ told }: ProcessUnderTest): readonly number[] {
  const restored = told.filter(({ word }) => word === 'restored');
  return [...new Set(restored.map(({ more }) => Number(more[0])))];
}

async function until(what: string, alive: () => void, check: () => boolean): Promise<void> {
  const giveUpAt = Date.now() + WITHIN_MS;
  while (!check()) {
    alive();
    if (Date.now() > giveUpAt) throw new Error(`never came true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

/** (c) The disk is lost: changelog records restored a second, all partitions together. */
export async function rebuild(course: Course, running: Running, input: string): Promise<Rate> {
  const { contestant } = running;
  const from = await course.ends(contestant.output);
  await running.process.kill();
  contestant.loseStore('one');
  await course.writeMarkers(input);
  running.process = contestant.start('one', 'static');
  await course.firstResults(contestant.output, from, everyPartition, WITHIN_MS);
  const { told } = running.process;
  const begun = Math.min(...told.filter(({ word }) => word === 'restoring').map(({ at }) => at));
  const ended = Math.max(...told.filter(({ word }) => word === 'restored').map(({ at }) => at));
  const records = restoredRecords(running.process);
  return { records, perSecond: Math.round(records / ((ended - begun) / 1_000)) };
}

/** The raw consumer of the same client on the same changelog. */
export async function readRaw(course: Course, { changelog }: Contestant): Promise<Rate> {
  const script = 'proof/bench/recovery/raw-reader';
  const { command, args } = nodeProcess(script, course.brokers, changelog, String(PARTITIONS));
  const { stdout } = await promisify(execFile)(command, args);
  const [, records = NaN, ms = NaN] = stdout.split(' ').map(Number);
  return { records, perSecond: Math.round(records / (ms / 1_000)) };
}

function restoredRecords({ told }: ProcessUnderTest): number {
  return told
    .filter(({ word }) => word === 'restored')
    .reduce((sum, { more }) => sum + Number(more[1]), 0);
}
