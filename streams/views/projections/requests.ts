/** Every event that came of a request with an Idempotency-Key -> requests. */
import type { AnyEvent } from '../../../schemas/event';
import type { LogPosition } from '../../runtime/app';
import { upsert, type RowChange } from '../table';
import { requests } from '../tables';

/** No row for requests without a key, and for events of which the edge is not the writer. */
export function requestRows(event: AnyEvent, position: LogPosition): readonly RowChange[] {
  if (!('requestKey' in event) || event.requestKey === '') return [];
  const { topic, partition, offset, timestamp } = position;
  return [
    upsert(requests, {
      topic,
      partition,
      offset,
      request_key: event.requestKey,
      fingerprint: event.requestFingerprint,
      event_id: event.eventId,
      logged_at: timestamp,
    }),
  ];
}
