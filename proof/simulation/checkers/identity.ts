/** No event is written twice: an id stands once on a topic. What the edge writes may repeat. */
import type { EventType } from '../../../schemas/event';
import { eventTopics } from '../../../topics/catalogue';
import { grouped, type CommittedLog } from './committed-log';

const FROM_OUTSIDE: ReadonlySet<EventType> = new Set([
  'PurchaseRequested',
  'CancellationRequested',
  'StockReceived',
  'StockAdjustmentRequested',
  'SpendingLimitChanged',
  'Product',
  'PaymentNotificationReceived',
  'WebhookSetAside',
  'PaymentCheckRequested',
  'AlertAcknowledgeRequested',
  'AlertNoteRequested',
  'AlertResolveRequested',
  'AlertReopenRequested',
  'AlertActionRequested',
]);

/** Also over a part of the log. */
export function checkIdentities(log: CommittedLog): readonly string[] {
  return eventTopics.flatMap((topic) => {
    const own = log.on(topic).filter(({ event }) => !FROM_OUTSIDE.has(event.type));
    return [...grouped(own, ({ event }) => event.eventId).values()].flatMap((same) => {
      const [first] = same;
      if (first === undefined || same.length === 1) return [];
      const places = same.map(({ record }) => `${record.partition}@${record.offset}`).join(', ');
      return [`${first.event.type} stands ${same.length} times on ${topic.name}: ${places}`];
    });
  });
}
