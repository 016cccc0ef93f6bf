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
import type { Timer } from '../app';
import type { NewRecord, OffsetToCommit, TransactionalProducer } from '../broker';
import type { Checkpoint, Store } from '../store/store';
import { encodeCommitMetadata } from './commit-metadata';
import type { InputQueue } from './input-queue';
import { eachTimerNotIn, timersOf } from './entry';
import type { Cell } from './state-cache';

export interface CommitDeps {
  readonly group: string;
  readonly changelog: string;
  readonly partition: number;
  readonly producer: TransactionalProducer;
  readonly store: Store;
  /** In the order of the app's inputs; the first is the anchor. */
  readonly queues: readonly InputQueue[];
  /** May throw: nothing has been sent by then. */
  encode(changed: Cell): Buffer | null;
}

/** Resolves to the checkpoint that the store has now; rejects as `producer.commit` does. */
export async function commit(
  deps: CommitDeps,
  outputs: readonly NewRecord[],
  changes: readonly Cell[],
  last: Checkpoint,
  now: number,
): Promise<Checkpoint> {
  // 1.
  const { changelog: topic, partition } = deps;
  const states: [key: string, value: Buffer | null][] = [];
  const changelog: NewRecord[] = [];
  for (const changed of changes) {
    const { key } = changed;
    const value = deps.encode(changed);
    states.push([key, value]);
    changelog.push({ topic, partition, key, value });
  }

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
  const timersCleared: Timer[] = [];
  const timersSet: Timer[] = [];
  for (const { key, committed, current } of changes) {
    const [before, after] = [timersOf(committed), timersOf(current)];
    eachTimerNotIn(after, key, before, (timer) => timersCleared.push(timer));
    eachTimerNotIn(before, key, after, (timer) => timersSet.push(timer));
  }
  await deps.store.write({ states, timersCleared, timersSet, checkpoint });
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
