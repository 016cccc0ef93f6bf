/**
 * PayPay's webhooks as they are archived: every notification on the topic up to now, oldest first
 * within an order. Replays of them are left out, or sending them again would double them each time.
 */
import type { EventOf } from '../../schemas/event';
import type { Broker, LogRecord } from '../../streams/runtime/broker';
import { readStretches, stretchesBetween } from '../../streams/runtime/log-stretches';
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

export async function* archivedWebhooks(
  { broker, partitions, decode }: Archive,
  { since, orderId }: ArchiveQuery,
): AsyncGenerator<ArchivedWebhook> {
  const places = Array.from({ length: partitions }, (_, partition) => ({
    topic: paymentsNotifications.name,
    partition,
  }));
  const [starts, ends] = [await broker.logStarts(places), await broker.highWatermarks(places)];
  for await (const { records } of readStretches(broker, stretchesBetween(places, starts, ends))) {
    for (const record of records) {
      if (record.timestamp < since) continue;
      const webhook = await decode(record);
      if (webhook?.replayOf !== null) continue;
      if (orderId === undefined || orderOf(webhook) === orderId) yield webhook;
    }
  }
}

function orderOf(webhook: ArchivedWebhook): string | undefined {
  return webhook.type === 'WebhookSetAside' ? undefined : webhook.orderId;
}
