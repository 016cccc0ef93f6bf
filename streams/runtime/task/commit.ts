/**
 * A commit, in order. A kill between any two steps loses nothing and emits nothing twice:
 *
 * 1. Encode what changed, one changelog record per key however often it changed.
 * 2. One Kafka transaction (E1): outputs and changelog first, then the inputs' offsets, the
 *    anchor's with {seq, changelogEnd, storeId} as its metadata (S1).
 *    Killed before it ends: Kafka aborts it, the store has not seen it, all is done again.
 * 3. One batch of the store with the same seq.
 *    Killed before it: the store is one commit behind and catches up from its own position.
 *
 * A commit that only fired timers goes the same way: its offsets are unchanged, its seq is not.
 */
import type { NewRecord, OffsetToCommit, TransactionalProducer } from '../broker';
import type { Checkpoint, Store } from '../store/store';
import { encodeCommitMetadata } from './commit-metadata';
import type { InputQueue } from './input-queue';
import { timerChanges, type ChangedKey } from './unit-of-work';

export interface CommitDeps {
  readonly group: string;
  readonly changelog: string;
  readonly partition: number;
  readonly producer: TransactionalProducer;
  readonly store: Store;
  /** In the order of the app's inputs; the first is the anchor. */
  readonly queues: readonly InputQueue[];
  encode(changed: ChangedKey): Buffer | null;
}

/** Resolves to the checkpoint that the store has now; rejects as `producer.commit` does. */
export async function commit(
  deps: CommitDeps,
  outputs: readonly NewRecord[],
  changes: readonly ChangedKey[],
  last: Checkpoint,
  now: number,
): Promise<Checkpoint> {
  // 1.
  const states = changes.map((changed) => [changed.key, deps.encode(changed)] as const);
  const changelog = states.map(([key, value]) => ({
    topic: deps.changelog,
    partition: deps.partition,
    key,
    value,
  }));

  // 2.
  const seq = last.seq + 1;
  let changelogEnd = last.changelogPosition;
  await deps.producer.commit({
    records: [...outputs, ...changelog],
    group: deps.group,
    offsets: (written) => {
      const lastOffset = changelog.length === 0 ? undefined : written.at(-1);
      if (lastOffset !== undefined) changelogEnd = lastOffset + 1;
      return offsetsOf(deps.queues, { seq, changelogEnd, storeId: last.storeId });
    },
  });

  // 3.
  const checkpoint = { ...last, seq, changelogPosition: changelogEnd, writtenAt: now };
  const timers = changes.map(timerChanges);
  await deps.store.write({
    states,
    timersCleared: timers.flatMap(({ cleared }) => cleared),
    timersSet: timers.flatMap(({ set }) => set),
    checkpoint,
  });
  return checkpoint;
}

function offsetsOf(
  queues: readonly InputQueue[],
  metadata: Parameters<typeof encodeCommitMetadata>[0],
): OffsetToCommit[] {
  return queues.map((queue, index) => ({
    topic: queue.topic.name,
    partition: queue.partition,
    offset: queue.position,
    metadata: index === 0 ? encodeCommitMetadata(metadata) : '',
  }));
}
