/** Every topic with an orderId -> order_events: what happened to one order, wherever it stands. */
import type { AnyEvent } from '../../../schemas/event';
import type { LogPosition } from '../../runtime/app';
import { payloadOf } from '../payload';
import { upsert, type RowChange } from '../table';
import { orderEvents } from '../tables';

/** No row for events that belong to no order, such as StockReceived. */
export function timelineRows(event: AnyEvent, position: LogPosition): readonly RowChange[] {
  if (!('orderId' in event) || !('eventId' in event)) return [];
  const { topic, partition, offset, timestamp } = position;
  return [
    upsert(orderEvents, {
      topic,
      partition,
      offset,
      order_id: event.orderId,
      event_id: event.eventId,
      type: event.type,
      causation_id: event.causationId,
      occurred_at: event.occurredAt,
      logged_at: timestamp,
      payload: payloadOf(event),
    }),
  ];
}
