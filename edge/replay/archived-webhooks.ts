/**
 * PayPay's webhooks as they are archived: every notification on the topic up to now, oldest first
 * within an order. Replays of them are left out, or sending them again would double them each time.
 */
import type { EventOf } from '../../schemas/event';
import { partitionName, type Broker, type LogRecord } from '../../streams/runtime/broker';
import { paymentsNotifications } from '../../topics/payments';

export type ArchivedWebhook = EventOf<'PaymentNotificationReceived' | 'WebhookSetAside'>;

export interface ArchiveQuery {
  /** Log time from which on they count; ms since the epoch. */
  readonly since: number;
  readonly orderId: string | undefined;
}

export interface Archive {
  readonly broker: Broker;
  readonly partitions: number;
  /** Undefined for what is no event: it stands in the dead letters. */
  readonly decode: (record: LogRecord) => Promise<ArchivedWebhook | undefined>;
}

const POLL_WAIT_MS = 500;

export async function* archivedWebhooks(
  { broker, partitions, decode }: Archive,
  { since, orderId }: ArchiveQuery,
): AsyncGenerator<ArchivedWebhook> {
  const places = Array.from({ length: partitions }, (_, partition) => ({
    topic: paymentsNotifications.name,
    partition,
  }));
  const [starts, ends] = [await broker.logStarts(places), await broker.highWatermarks(places)];
  const endOf = (partition: number) => ends.get(nameOf(partition)) ?? 0;
  const startOf = (partition: number) => starts.get(nameOf(partition)) ?? 0;
  const unread = new Set(
    places.map(({ partition }) => partition).filter((each) => startOf(each) < endOf(each)),
  );
  const reader = broker.openReader();
  try {
    for (const partition of unread) {
      reader.assign({ topic: paymentsNotifications.name, partition }, startOf(partition));
    }
    while (unread.size > 0) {
      for (const fetched of await reader.poll(POLL_WAIT_MS)) {
        for (const record of fetched.records) {
          if (record.timestamp < since || record.offset >= endOf(fetched.partition)) continue;
          const webhook = await decode(record);
          if (webhook?.replayOf !== null) continue;
          if (orderId === undefined || orderOf(webhook) === orderId) yield webhook;
        }
        if (fetched.nextOffset >= endOf(fetched.partition)) unread.delete(fetched.partition);
      }
    }
  } finally {
    await reader.close();
  }
}

function orderOf(webhook: ArchivedWebhook): string | undefined {
  return webhook.type === 'WebhookSetAside' ? undefined : webhook.orderId;
}

function nameOf(partition: number): string {
  return partitionName({ topic: paymentsNotifications.name, partition });
}
