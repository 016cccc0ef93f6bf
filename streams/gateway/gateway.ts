/**
 * The only part that calls PayPay: takes requests off one topic and answers on another. What a
 * `GroupWorker` does with the partitions of requests; owns one reader for all of them, and what they
 * share towards PayPay.
 */
import type { Codec } from '../../platform/avro/codec';
import type { GroupMemberId, RecordReader, TopicPartition } from '../runtime/broker';
import {
  coPartitions,
  GroupWorker,
  type GroupWorkerOptions,
  type PartitionWork,
} from '../runtime/group-worker';
import { MemberProducer } from '../runtime/member-producer';
import type { RunningApp } from '../runtime/running-app';
import { handOut, type TransactionalTask } from '../runtime/transactional-task';
import type { GatewayMetrics } from './gateway-metrics';
import { GATEWAY, gatewayTopics, type GatewayTopics } from './gateway-topics';
import { gatewayTask } from './partition-task';
import { PayPayCaller } from './paypay-caller';
import type { PayPayClient } from './paypay/client';
import type { RegistryWatch } from './running-partition';
import type { GatewaySettings } from './settings';

export interface GatewayOptions extends GroupWorkerOptions {
  /** Knows the ids of results and dead letters. */
  readonly codec: Codec;
  /** Stays the caller's to close, after the gateway has ended. */
  readonly paypay: PayPayClient;
  readonly settings: GatewaySettings;
  /** Absent: calls are not counted. */
  readonly metrics?: GatewayMetrics;
  /** Absent: `gatewayTopics`. */
  readonly topics?: GatewayTopics;
}

/** Rejects with NOT_CO_PARTITIONED or UNKNOWN_TOPIC before anything is joined. */
export async function startGateway(options: GatewayOptions): Promise<RunningApp> {
  const topics = options.topics ?? gatewayTopics;
  const { requests, results, conditions, deadLetters } = topics;
  // An order's requests and results have the same partition number, as every topic's.
  const all = [requests, results, conditions, deadLetters];
  const partitions = await coPartitions(GATEWAY, options.broker, all);
  return GroupWorker.start(new Gateway(options, topics, partitions), options);
}

class Gateway implements PartitionWork<TransactionalTask> {
  readonly name = GATEWAY;
  readonly group: string;
  readonly topics: readonly string[];
  private readonly caller: PayPayCaller;
  private readonly reader: RecordReader;
  private readonly producer: MemberProducer;
  private readonly registry: RegistryWatch = { awaySince: undefined };

  constructor(
    private readonly options: GatewayOptions,
    private readonly all: GatewayTopics,
    private readonly partitions: number,
  ) {
    this.group = all.group;
    this.topics = [all.requests.name];
    const { paypay, metrics, settings, clock } = options;
    this.caller = new PayPayCaller(metrics?.client(paypay) ?? paypay, settings, clock);
    metrics?.follow(() => this.caller.state);
    this.reader = options.broker.openReader();
    this.producer = new MemberProducer(options.broker, this.group, clock);
  }

  open(
    partition: number,
    _inputs: readonly TopicPartition[],
    died: (error: unknown) => void,
  ): TransactionalTask {
    const { options, all: topics, caller, partitions, producer, reader, registry } = this;
    const openProducer = () => producer.open();
    const shared = { topics, caller, partitions, reader, registry, openProducer };
    return gatewayTask({ ...options, ...shared, died }, partition);
  }

  assigned(member: GroupMemberId, count: number): void {
    this.producer.enter(member);
    // Its share of the calls that PayPay allows all instances.
    if (count > 0) this.caller.takeShare(count / this.partitions);
  }

  round(tasks: ReadonlyMap<number, TransactionalTask>): Promise<void> {
    return handOut(this.reader, tasks);
  }

  /** It keeps nothing: those that it holds are as good as any. */
  stickyPartitions(held: readonly number[]): readonly number[] {
    return held;
  }

  registryAwaySince(): number | undefined {
    return this.registry.awaySince;
  }

  stop(): void {
    this.reader.wake();
  }

  async close(): Promise<void> {
    await Promise.all([this.reader.close(), this.producer.close()]);
  }
}
