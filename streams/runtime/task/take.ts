/**
 * Taking a task (E2), in order. Nothing runs from offsets that were read before the fence:
 *
 * 0. Look where the changelog ends. What stands below must have committed offsets after the fence;
 *    looked at later, it could be of a process that has fenced this one since.
 * 1. Fence: open the producer, after which nothing that was begun for the task before can be committed
 *    any more (`MemberProducer`).
 * 2. Read the committed offsets with their metadata.
 * 3. Restore the store to that commit (S1).
 * 4. Process from exactly those offsets.
 */
import { eventId } from '../../../platform/avro/event-id';
import {
  partitionName,
  type CommittedOffset,
  type TopicPartition,
  type TransactionalProducer,
} from '../broker';
import { RuntimeError } from '../errors';
import { TASK_LIMITS } from '../limits';
import type { Checkpoint, Store, Stores } from '../store/store';
import { decodeCommitMetadata, type CommitMetadata } from './commit-metadata';
import { InputQueue } from './input-queue';
import { holdsRecords, restore } from './restore';
import { buildsStore, planRestore, type RestorePlan } from './restore-plan';
import type { RestoreReport } from './restore-progress';
import { RunningTask, type TaskDeps } from './running-task';

export interface TakeDeps extends TaskDeps {
  readonly stores: Stores;
  /** E2: what was begun for the task before cannot be committed once it has resolved. */
  openProducer(): Promise<TransactionalProducer>;
  /** False once the task was given up meanwhile. */
  wanted(): boolean;
  learn(schemaIds: Iterable<number>): Promise<void>;
  /** Builds a store when it is this task's turn to. */
  inTurn(build: () => Promise<RestoreReport>): Promise<RestoreReport>;
  /** Told what is done with the store, before it is. */
  restoring(plan: RestorePlan): void;
  /** Told while the changelog is read. */
  progress(report: RestoreReport, isDue: boolean): void;
  /** Told what was done with the store, once it can be used. */
  restored(plan: RestorePlan, report: RestoreReport): void;
}

const NOTHING_READ: RestoreReport = {
  records: 0,
  recordsPerSecond: 0,
  offsetsLeft: 0,
  secondsLeft: 0,
};

/** Rejects with a RuntimeError; whatever was opened is closed again. */
export async function takeTask(deps: TakeDeps, partition: number): Promise<RunningTask> {
  const { app, broker } = deps;
  // 0.
  const changelog = { topic: app.changelog.name, partition };
  const ends = await broker.highWatermarks([changelog]);
  const changelogEnd = ends.get(partitionName(changelog)) ?? 0;
  // 1.
  const producer = await deps.openProducer();
  const opened: { close(): Promise<void> }[] = [producer];
  try {
    // 2.
    const inputs = app.inputs.map(({ name }) => ({ topic: name, partition }));
    const committed = await broker.committedOffsets(app.name, inputs);
    // 3.
    const store = await deps.stores.open(partition);
    opened.push(store);
    const checkpoint = await bringUp(deps, store, partition, {
      committed: metadataOf(inputs, committed),
      changelogEnd,
    });
    if (!deps.wanted()) throw new RuntimeError('STALE_ASSIGNMENT', 'given up while restoring');
    // 4.
    const starts = await broker.logStarts(inputs);
    const queues = app.inputs.map((topic) => {
      const name = partitionName({ topic: topic.name, partition });
      return new InputQueue(topic, partition, committed.get(name)?.offset ?? starts.get(name) ?? 0);
    });
    const timers = await store.earliestTimers(TASK_LIMITS.timersInMemoryMax);
    return new RunningTask(deps, { partition, producer, store, queues, checkpoint, timers });
  } catch (error) {
    for (const resource of opened.reverse()) await resource.close();
    throw error;
  }
}

function metadataOf(
  inputs: readonly TopicPartition[],
  committed: ReadonlyMap<string, CommittedOffset>,
): CommitMetadata | undefined {
  const [anchor] = inputs;
  const offset = anchor === undefined ? undefined : committed.get(partitionName(anchor));
  return offset === undefined ? undefined : decodeCommitMetadata(offset.metadata);
}

/** What Kafka knows of the task. */
interface Seen {
  readonly committed: CommitMetadata | undefined;
  /** As it was before the fence. */
  readonly changelogEnd: number;
}

async function bringUp(
  deps: TakeDeps,
  store: Store,
  partition: number,
  { committed, changelogEnd: to }: Seen,
): Promise<Checkpoint> {
  const { app, broker, clock } = deps;
  const changelog = { topic: app.changelog.name, partition };
  const clusterId = await broker.clusterId();
  const starts = await broker.logStarts([changelog]);
  const from = starts.get(partitionName(changelog)) ?? 0;
  const found = await store.checkpoint();
  const now = clock.now();
  const { cleanup } = app.changelog;
  const plan = planRestore({
    clusterId,
    now,
    committed,
    checkpoint: found,
    changelogStart: from,
    changelogHolds:
      committed !== undefined || (await holdsRecords(broker, { ...changelog, from, to })),
    tombstonesKeptMs: cleanup.kind === 'compact' ? cleanup.deleteRetentionMs : Infinity,
  });
  deps.restoring(plan);
  switch (plan.kind) {
    case 'refuse':
      throw new RuntimeError(
        'CHANGELOG_WITHOUT_OFFSETS',
        `${partitionName(changelog)} has records, but group ${app.name} has no committed offsets. They were deleted or have expired; starting over would emit everything again. To do just that, stop the app and run: npm run repair -- ${app.name} --yes (with npm start stopped as well: npm run stack -- --exec npm run repair -- ${app.name} --yes)`,
      );
    case 'begin': {
      await store.clear();
      const task = `${clusterId}/${app.name}-${String(partition)}`;
      const storeId = eventId(task, `store@${String(now)}`);
      const checkpoint = { seq: 0, changelogPosition: to, storeId, clusterId, writtenAt: now };
      await store.write({ states: [], timersCleared: [], timersSet: [], checkpoint });
      deps.restored(plan, NOTHING_READ);
      return checkpoint;
    }
    case 'current':
      deps.restored(plan, NOTHING_READ);
      return plan.checkpoint;
    case 'catch-up':
    case 'resume':
    case 'rebuild': {
      const { seq, changelogEnd, storeId } = plan.committed;
      const target = { seq, changelogPosition: changelogEnd, storeId, clusterId, writtenAt: now };
      const span = { ...changelog, from: plan.from, to: changelogEnd };
      const tools = { ...deps, codec: deps.decoder.codec, store };
      // Every write carries a checkpoint: without one there is nothing to clear.
      if (plan.kind === 'rebuild' && found !== undefined) await store.clear();
      const report = buildsStore(plan)
        ? await deps.inTurn(() => restore(tools, span, target, 'unknown'))
        : await restore(tools, span, target, 'known');
      deps.restored(plan, report);
      return target;
    }
  }
}
