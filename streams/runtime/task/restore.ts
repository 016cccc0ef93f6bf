/**
 * Brings a task's store to the commit that Kafka says it is at, by the plan of S1. The records of
 * the changelog go into the store in batches; the old entry of each key is read first, so that the
 * rows of timers that it no longer has go away.
 */
import type { Codec } from '../../../schemas/codec';
import type { Broker, LogRecord } from '../broker';
import { TASK_LIMITS } from '../limits';
import type { Checkpoint, Store } from '../store/store';
import { decodeState } from './state-record';
import { ABSENT, timerChanges, type ChangedKey, type Entry } from './unit-of-work';

export interface ChangelogSpan {
  readonly topic: string;
  readonly partition: number;
  /** First offset to read. */
  readonly from: number;
  /** Read up to here, exclusive. */
  readonly to: number;
}

export interface RestoreDeps {
  readonly broker: Broker;
  readonly codec: Codec;
  readonly store: Store;
  /** Asks the registry for schemas of older builds; waits for it as long as it takes. */
  learn(schemaIds: Iterable<number>): Promise<void>;
  /** False once the task was given up: the restore ends early, the store keeps what it has. */
  wanted(): boolean;
  progress(restored: number): void;
}

/** Resolves to how many records were applied. The store's checkpoint is `target` afterwards. */
export async function restore(
  deps: RestoreDeps,
  span: ChangelogSpan,
  target: Checkpoint,
): Promise<number> {
  const reader = deps.broker.openReader();
  let restored = 0;
  let position = span.from;
  try {
    reader.assign(span, span.from);
    while (position < span.to && deps.wanted()) {
      for (const fetched of await reader.poll(TASK_LIMITS.pollWaitMs)) {
        position = fetched.nextOffset;
        const records = fetched.records.filter(({ offset }) => offset < span.to);
        for (let at = 0; at < records.length; at += TASK_LIMITS.restoreRecordsMax) {
          const part = records.slice(at, at + TASK_LIMITS.restoreRecordsMax);
          await apply(deps, part, target);
          restored += part.length;
          deps.progress(restored);
        }
      }
    }
  } finally {
    await reader.close();
  }
  if (deps.wanted()) await deps.store.write(emptyBatch(target));
  return restored;
}

/** The newest record of each key; compaction keeps no less. */
async function apply(
  deps: RestoreDeps,
  records: readonly LogRecord[],
  target: Checkpoint,
): Promise<void> {
  const newest = new Map<string, Buffer | null>();
  for (const { key, value } of records) newest.set(key?.toString('utf8') ?? '', value);
  const keys = [...newest.keys()];
  const before = await decodeAll(deps, keys, await deps.store.getMany(keys));
  const after = await decodeAll(deps, keys, [...newest.values()]);
  const changes = keys.map((key, index): ChangedKey => ({
    key,
    before: before[index] ?? ABSENT,
    after: after[index] ?? ABSENT,
  }));
  const timers = changes.map(timerChanges);
  const last = records.at(-1);
  await deps.store.write({
    states: [...newest],
    timersCleared: timers.flatMap(({ cleared }) => cleared),
    timersSet: timers.flatMap(({ set }) => set),
    // Killed in the middle, the next restore goes on from here: seq 0 is below every commit.
    checkpoint: { ...target, seq: 0, changelogPosition: (last?.offset ?? 0) + 1 },
  });
}

/** Whether anyone ever committed a record to the span; aborted ones do not count. */
export async function holdsRecords(broker: Broker, span: ChangelogSpan): Promise<boolean> {
  const reader = broker.openReader();
  let position = span.from;
  try {
    reader.assign(span, span.from);
    while (position < span.to) {
      for (const fetched of await reader.poll(TASK_LIMITS.pollWaitMs)) {
        if (fetched.records.length > 0) return true;
        position = fetched.nextOffset;
      }
    }
    return false;
  } finally {
    await reader.close();
  }
}

async function decodeAll(
  deps: RestoreDeps,
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

function emptyBatch(checkpoint: Checkpoint) {
  return { states: [], timersCleared: [], timersSet: [], checkpoint };
}
