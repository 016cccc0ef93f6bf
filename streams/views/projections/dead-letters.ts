/** `dead-letters.v1` -> dead_letters, where this reader's own letters stand too. */
import type { EventOf } from '../../../schemas/event';
import { deadLetters as deadLettersTopic } from '../../../topics/dead-letters';
import { projectEvents } from '../projection';
import { upsert, type RowChange } from '../table';
import { deadLetters } from '../tables';

export const deadLettersProjection = projectEvents(deadLettersTopic, (event, position) => [
  deadLetterRow(event, position.timestamp),
]);

/** `loggedAt`: log-append time, ms since the epoch. */
export function deadLetterRow(letter: EventOf<'DeadLetter'>, loggedAt: number): RowChange {
  return upsert(deadLetters, {
    event_id: letter.eventId,
    app: letter.app,
    topic: letter.topic,
    partition: letter.partition,
    offset: letter.offset,
    key: letter.key,
    value: letter.value,
    value_bytes: letter.valueBytes,
    headers: Object.fromEntries(
      Object.entries(letter.headers).map(([name, value]) => [name, value.toString('base64')]),
    ),
    error_code: letter.errorCode,
    reason: letter.reason,
    occurred_at: letter.occurredAt,
    logged_at: loggedAt,
  });
}
