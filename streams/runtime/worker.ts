/**
 * One app with state in one process: what a `GroupWorker` does with the partitions of such an app.
 * Owns the reader for all its tasks, and what they share. Data flows one way: reader -> task queues
 * -> steps -> commits.
 */
import type { Codec } from '../../platform/avro/codec';
import type { Topic } from '../../platform/topic';
import type { StreamApp } from './app';
import type { GroupMemberId, RecordReader, TopicPartition } from './broker';
import {
  coPartitions,
  GroupWorker,
  type GroupWorkerOptions,
  type PartitionWork,
} from './group-worker';
import { WORKER_LIMITS } from './limits';
import { MemberProducer } from './member-producer';
import type { Stores } from './store/store';
import { RecordDecoder } from './task/record-decoder';
import { RestoreLine } from './task/restore-line';
import { statefulTask } from './task/task';
import { handOut, type TransactionalTask } from './transactional-task';

export interface WorkerOptions extends GroupWorkerOptions {
  readonly app: StreamApp;
  readonly codec: Codec;
  readonly stores: Stores;
  readonly deadLetters: Topic<'DeadLetter'>;
  readonly clockSlackMs?: number;
}

export class Worker implements PartitionWork<TransactionalTask> {
  readonly name: string;
  readonly group: string;
  readonly topics: readonly string[];
  private readonly restoreLine = new RestoreLine();
  private readonly stopping = new AbortController();
  private readonly decoder: RecordDecoder;
  private readonly reader: RecordReader;
  private readonly producer: MemberProducer;

  private constructor(
    private readonly options: WorkerOptions,
    private readonly partitions: number,
  ) {
    const { app, broker, codec, clock } = options;
    this.name = app.name;
    this.group = app.name;
    this.topics = app.inputs.map(({ name }) => name);
    this.decoder = new RecordDecoder(app, codec, clock, this.stopping.signal);
    this.reader = broker.openReader();
    this.producer = new MemberProducer(broker, this.group, clock);
  }

  /**
   * Joins the group and begins to work. Rejects with NOT_CO_PARTITIONED or UNKNOWN_TOPIC before
   * anything is joined.
   */
  static async start(options: WorkerOptions): Promise<GroupWorker<TransactionalTask>> {
    const { app, broker, deadLetters } = options;
    // Task p reads partition p of every input and owns partition p of the changelog.
    const topics = [...app.inputs, ...app.outputs, app.changelog, deadLetters];
    const partitions = await coPartitions(app.name, broker, topics);
    return GroupWorker.start(new Worker(options, partitions), options);
  }

  assigned(member: GroupMemberId): void {
    this.producer.enter(member);
  }

  open(
    partition: number,
    _inputs: readonly TopicPartition[],
    died: (error: unknown) => void,
  ): TransactionalTask {
    const { options, partitions, decoder, reader, restoreLine, producer } = this;
    const openProducer = () => producer.open();
    const clockSlackMs = options.clockSlackMs ?? WORKER_LIMITS.clockSlackMs;
    const shared = { partitions, decoder, reader, restoreLine, clockSlackMs, openProducer };
    return statefulTask({ ...options, ...shared, died }, partition);
  }

  round(tasks: ReadonlyMap<number, TransactionalTask>): Promise<void> {
    return handOut(this.reader, tasks);
  }

  /** Also where its stores are: a task is best where its state is. */
  stickyPartitions(held: readonly number[]): readonly number[] {
    const others = this.options.stores.partitions().filter((unit) => !held.includes(unit));
    return [...held, ...others];
  }

  registryAwaySince(): number | undefined {
    return this.decoder.registryAwaySince;
  }

  stop(): void {
    this.stopping.abort();
    this.reader.wake();
  }

  async close(): Promise<void> {
    await Promise.all([this.reader.close(), this.producer.close()]);
  }
}
