/**
 * One partition of requests in this process. It lives as every `TransactionalTask` does; here is how
 * it is taken.
 *
 * Being fenced re-initializes it: if the group has given it to somebody else, it says so
 * before long; if it has not, nobody would answer its requests.
 */
import {
  partitionName,
  type Broker,
  type TopicPartition,
  type TransactionalProducer,
} from '../runtime/broker';
import {
  TransactionalTask,
  type TakenPartition,
  type TaskSurroundings,
  type TaskWork,
  type Taking,
} from '../runtime/transactional-task';
import { GATEWAY } from './gateway-topics';
import { OffsetWindow } from './offset-window';
import { RunningPartition, type RunningPartitionDeps } from './running-partition';

export interface PartitionTaskOptions
  extends
    TaskSurroundings,
    Omit<RunningPartitionDeps, 'partition' | 'producer' | 'window' | 'wake' | 'clock'> {
  readonly broker: Broker;
  /** E2: what was begun for the partition before cannot be committed once it has resolved. */
  openProducer(): Promise<TransactionalProducer>;
}

export function gatewayTask(options: PartitionTaskOptions, partition: number): TransactionalTask {
  return new TransactionalTask(new PartitionOfRequests(options, partition), options, partition);
}

class PartitionOfRequests implements TaskWork {
  readonly app = GATEWAY;
  readonly inputs: readonly [TopicPartition];

  constructor(
    private readonly options: PartitionTaskOptions,
    private readonly partition: number,
  ) {
    this.inputs = [{ topic: options.topics.requests.name, partition }];
  }

  /**
   * E2, in order: 1. fence, 2. read the committed offset and its bitmap, 3. take requests from
   * exactly there.
   */
  async take({ wake }: Taking): Promise<TakenPartition> {
    const { options, partition } = this;
    const { logger } = options;
    // 1.
    const producer = await options.openProducer();
    try {
      // 2.
      const window = await this.committed();
      // 3.
      const offset = window.committable;
      logger.info({ app: GATEWAY, partition, offset }, 'partition initialized');
      return new RunningPartition({ ...options, partition, producer, window, wake });
    } catch (error) {
      await producer.close();
      throw error;
    }
  }

  takingHealth() {
    return { state: 'taking' };
  }

  private async committed(): Promise<OffsetWindow> {
    const { broker, topics } = this.options;
    const [place] = this.inputs;
    const name = partitionName(place);
    const committed = (await broker.committedOffsets(topics.group, [place])).get(name);
    const start = committed?.offset ?? (await broker.logStarts([place])).get(name) ?? 0;
    return OffsetWindow.restore(start, committed?.metadata ?? '');
  }
}
