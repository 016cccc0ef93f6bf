/**
 * What a stretch of the changelog changes in a store. Two ways, which leave the same rows behind:
 *
 * - `known`: the store is at an earlier commit. The old entry of each key is read first, so that
 *   the rows of timers which it no longer has go away with the batch.
 * - `unknown`: the store is being built. Reading it for every key would cost more than all the rest;
 *   rows of timers are only added, and `staleTimers` finds at the end those that were overtaken.
 */
import type { Codec } from '../../../platform/avro/codec';
import type { Timer } from '../app';
import type { LogRecord } from '../broker';
import type { StateKey, Store, StoreBatch } from '../store/store';
import { decodeTimers } from './state-record';
import { eachTimerNotIn, NO_TIMERS, type Timers } from './entry';

export type StoreKnowledge = 'known' | 'unknown';

export interface ChangelogPartDeps {
  readonly codec: Codec;
  readonly store: Store;
  /** Asks the registry for schemas of older builds; waits for it as long as it takes. */
  learn(schemaIds: Iterable<number>): Promise<void>;
}

export type StoreChanges = Omit<StoreBatch, 'checkpoint'>;

export function changesOf(
  deps: ChangelogPartDeps,
  records: readonly LogRecord[],
  knowledge: StoreKnowledge,
): Promise<StoreChanges> {
  return knowledge === 'known' ? changesToKnown(deps, records) : changesToUnknown(deps, records);
}

/** The newest record of each key: what stands between it and the store's own was never there. */
async function changesToKnown(
  deps: ChangelogPartDeps,
  records: readonly LogRecord[],
): Promise<StoreChanges> {
  const newest = new Map<string, Buffer | null>();
  for (const { key, value } of records) newest.set(textOf(key), value);
  const keys = [...newest.keys()];
  const before = await timersOfAll(deps, keys, await deps.store.getMany(keys));
  const after = await timersOfAll(deps, keys, [...newest.values()]);
  const timersCleared: Timer[] = [];
  const timersSet: Timer[] = [];
  for (const [index, key] of keys.entries()) {
    const [old = NO_TIMERS, fresh = NO_TIMERS] = [before[index], after[index]];
    eachTimerNotIn(fresh, key, old, (timer) => timersCleared.push(timer));
    eachTimerNotIn(old, key, fresh, (timer) => timersSet.push(timer));
  }
  return { states: [...newest], timersCleared, timersSet };
}

/** All records in their order: of one key the last one written stays. */
async function changesToUnknown(
  deps: ChangelogPartDeps,
  records: readonly LogRecord[],
): Promise<StoreChanges> {
  const states: (readonly [StateKey, Buffer | null])[] = [];
  const timersSet: Timer[] = [];
  for (const { key, value } of records) {
    states.push([key ?? NO_KEY, value]);
    if (value === null) continue;
    const timers = knownTimers(deps, key, value) ?? (await learnTimers(deps, key, value));
    for (const name in timers) {
      timersSet.push({ key: textOf(key), name, dueAt: timers[name] ?? 0 });
    }
  }
  return { states, timersCleared: [], timersSet };
}

/** Those of `timers` that the states in the store do not have. */
export async function staleTimers(
  deps: ChangelogPartDeps,
  timers: readonly Timer[],
): Promise<readonly Timer[]> {
  const keys = [...new Set(timers.map(({ key }) => key))];
  const found = await timersOfAll(deps, keys, await deps.store.getMany(keys));
  const byKey = new Map(keys.map((key, index) => [key, found[index] ?? NO_TIMERS]));
  return timers.filter(({ key, name, dueAt }) => byKey.get(key)?.[name] !== dueAt);
}

const NO_KEY = Buffer.alloc(0);

async function timersOfAll(
  deps: ChangelogPartDeps,
  keys: readonly string[],
  values: readonly (Buffer | null | undefined)[],
): Promise<readonly Timers[]> {
  const all: Timers[] = [];
  for (const [index, key] of keys.entries()) {
    const value = values[index] ?? null;
    if (value === null) all.push(NO_TIMERS);
    else all.push(knownTimers(deps, key, value) ?? (await learnTimers(deps, key, value)));
  }
  return all;
}

/** Undefined when its schema must be learned first. */
function knownTimers(
  { codec }: ChangelogPartDeps,
  key: StateKey | null,
  value: Buffer,
): Timers | undefined {
  const decoded = decodeTimers(codec, key, value);
  return decoded.kind === 'timers' ? decoded.timers : undefined;
}

async function learnTimers(
  deps: ChangelogPartDeps,
  key: StateKey | null,
  value: Buffer,
): Promise<Timers> {
  const first = decodeTimers(deps.codec, key, value);
  if (first.kind === 'unknown-schema') await deps.learn([first.schemaId]);
  const timers = knownTimers(deps, key, value);
  if (timers === undefined) throw new Error(`schema of ${String(key)} is still unknown`);
  return timers;
}

function textOf(key: Buffer | null): string {
  return key?.toString('utf8') ?? '';
}
