/**
 * What comes into the log from outside: the edge, which writes at least once what a client asks. An
 * event that it writes twice is the same event. A webhook that is sent again is another event.
 */
import { readWebhook } from '../../edge/webhooks/webhook-reader';
import { notificationReceived, webhookSetAside } from '../../edge/webhooks/notification';
import { eventId } from '../../schemas/event-id';
import type { Codec } from '../../platform/avro/codec';
import { paymentsNotifications } from '../../topics/payments';
import type { EventOn, Topic } from '../../topics/topic';
import { partitionFor } from '../../streams/runtime/kafka/partitioner';
import type { MemoryCluster } from '../../streams/runtime/memory/memory-cluster';
import type { FaultPlan } from './fault-plan';
import type { Random } from './random';
import type { Scheduler } from './scheduler';

export interface EdgeOptions {
  readonly cluster: MemoryCluster;
  readonly codec: Codec;
  readonly partitions: number;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly faults: () => FaultPlan | undefined;
}

/** A client's or a producer's second try comes within this. */
const REPEAT_MAX_MS = 2_000;
/** Documentation addresses: nobody's. */
const SENDER = '192.0.2.1';

export class Edge {
  private webhooks = 0;

  constructor(private readonly options: EdgeOptions) {}

  write<T extends Topic>(topic: T, event: EventOn<T>): void {
    const { faults, random, scheduler } = this.options;
    this.append(topic, event);
    if (!random.chance(faults()?.edgeRepeat ?? 0)) return;
    scheduler.after(random.between(0, REPEAT_MAX_MS), () => this.append(topic, event));
  }

  /** Bytes that are no event. */
  writeGarbage(topic: Topic, key: string): void {
    this.appendBytes(topic, key, Buffer.from('garbage'));
  }

  /** Every delivery is a notification of its own. */
  notify(body: unknown): void {
    this.webhooks += 1;
    const delivery = {
      requestId: eventId('webhook', String(this.webhooks)),
      body: Buffer.from(JSON.stringify(body)),
      sourceAddress: SENDER,
      receivedAt: this.options.scheduler.now,
      replayOf: null,
    };
    const webhook = readWebhook(delivery.body);
    const event =
      webhook.kind === 'transaction'
        ? notificationReceived(delivery, webhook, { kind: 'confirm' })
        : webhookSetAside(delivery, { ...webhook, status: 200 });
    this.append(paymentsNotifications, event);
  }

  private append<T extends Topic>(topic: T, event: EventOn<T>): void {
    this.appendBytes(topic, topic.key(event), this.options.codec.encode(topic.name, event));
  }

  private appendBytes({ name }: Topic, key: string, value: Buffer): void {
    const { cluster, partitions } = this.options;
    cluster.append({ topic: name, partition: partitionFor(key, partitions), key, value });
  }
}
