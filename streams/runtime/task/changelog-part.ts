/**
 * What a stretch of the changelog changes in a store. Two ways, which leave the same rows behind:
 *
 * - `known`: the store is at an earlier commit. The old entry of each key is read first, so that
 *   the rows of timers which it no longer has go away with the batch.
 * - `unknown`: the store is being built. Reading it for every key would cost more than all the rest;
 *   rows of timers are only added, and `staleTimers` finds at the end those that were overtaken.
 */
import type { Codec } from '../../../schemas/codec';
import type { Timer } from '../app';
import type { LogRecord } from '../broker';
import type { Store, StoreBatch } from '../store/store';
import { decodeState } from './state-record';
import { ABSENT, timerChanges, timersOf, type ChangedKey, type Entry } from './unit-of-work';

export type StoreKnowledge = 'known' | 'unknown';

export interface ChangelogPartDeps {
  readonly codec: Codec;
  readonly store: Store;
  /** Asks the registry for schemas of older builds; waits for it as long as it takes. */
  learn(schemaIds: Iterable<number>): Promise<void>;
}

export type StoreChanges = Omit<StoreBatch, 'checkpoint'>;

/** The newest record of each key; compaction keeps no less. */
export async function changesOf(
  deps: ChangelogPartDeps,
  records: readonly LogRecord[],
  knowledge: StoreKnowledge,
): Promise<StoreChanges> {
  const newest = new Map<string, Buffer | null>();
  for (const { key, value } of records) newest.set(key?.toString('utf8') ?? '', value);
  const keys = [...newest.keys()];
  const before =
    knowledge === 'known' ? await decodeAll(deps, keys, await deps.store.getMany(keys)) : [];
  const after = await decodeAll(deps, keys, [...newest.values()]);
  const changes = keys.map((key, index): ChangedKey => ({
    key,
    before: before[index] ?? ABSENT,
    after: after[index] ?? ABSENT,
  }));
  const timers = changes.map(timerChanges);
  return {
    states: [...newest],
    timersCleared: timers.flatMap(({ cleared }) => cleared),
    timersSet: timers.flatMap(({ set }) => set),
  };
}

/** Those of `timers` that the states in the store do not have. */
export async function staleTimers(
  deps: ChangelogPartDeps,
  timers: readonly Timer[],
): Promise<readonly Timer[]> {
  const keys = [...new Set(timers.map(({ key }) => key))];
  const entries = await decodeAll(deps, keys, await deps.store.getMany(keys));
  const byKey = new Map(keys.map((key, index) => [key, entries[index] ?? ABSENT]));
  return timers.filter(
    ({ key, name, dueAt }) => timersOf(byKey.get(key) ?? ABSENT)[name] !== dueAt,
  );
}

async function decodeAll(
  deps: ChangelogPartDeps,
  keys: readonly string[],
  values: readonly (Buffer | null | undefined)[],
): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (const [index, key] of keys.entries()) {
    let decoded = decodeState(deps.codec, key, values[index] ?? null);
    if (decoded.kind === 'unknown-schema') {
      await deps.learn([decoded.schemaId]);
      decoded = decodeState(deps.codec, key, values[index] ?? null);
    }
    if (decoded.kind === 'unknown-schema') throw new Error(`schema of ${key} is still unknown`);
    entries.push(decoded.entry);
  }
  return entries;
}
