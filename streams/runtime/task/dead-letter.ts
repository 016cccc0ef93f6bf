/**
 * D1: a record that cannot be processed goes to the dead letters with a reason, in the transaction
 * that moves past it. A flood of them is a bug of ours, not bad data, and stops the app.
 */
import { eventId } from '../../../platform/avro/event-id';
import type { EventOf } from '../../../platform/avro/event';
import type { LogRecord } from '../broker';
import type { Timer } from '../app';
import { RuntimeError } from '../errors';
import { TASK_LIMITS } from '../limits';

export interface Failure {
  readonly errorCode: string;
  readonly reason: string;
}

export interface HandlerFailure extends Failure {
  /**
   * `rejected`: the handler's own decision about a record that anyone may have sent, so no number of
   * them says anything about us. `failed`: garbage or a fault; many of them are a bug.
   */
  readonly kind: 'rejected' | 'failed';
}

export function deadLetterOfRecord(
  app: string,
  record: LogRecord,
  failure: Failure,
): EventOf<'DeadLetter'> {
  const { topic, partition, offset, key, value } = record;
  const cause = `${topic}-${String(partition)}@${String(offset)}`;
  return {
    type: 'DeadLetter',
    eventId: eventId(cause, `dead-letter/${app}`),
    occurredAt: record.timestamp,
    causationId: cause,
    correlationId: cause,
    app,
    topic,
    partition,
    offset,
    key: key?.subarray(0, TASK_LIMITS.deadLetterKeyBytesMax) ?? null,
    value: value?.subarray(0, TASK_LIMITS.deadLetterValueBytesMax) ?? null,
    valueBytes: value?.length ?? 0,
    headers: cutHeaders(record.headers),
    errorCode: failure.errorCode,
    reason: cutReason(failure.reason),
  };
}

/** A timer has no record behind it: its letter names the changelog, where its state stands. */
export function deadLetterOfTimer(
  app: string,
  changelog: string,
  partition: number,
  timer: Timer,
  timerId: string,
  failure: Failure,
): EventOf<'DeadLetter'> {
  return {
    type: 'DeadLetter',
    eventId: eventId(timerId, `dead-letter/${app}`),
    occurredAt: timer.dueAt,
    causationId: timerId,
    correlationId: timer.key,
    app,
    topic: changelog,
    partition,
    offset: -1,
    key: Buffer.from(timer.key).subarray(0, TASK_LIMITS.deadLetterKeyBytesMax),
    value: null,
    valueBytes: 0,
    headers: {},
    errorCode: failure.errorCode,
    reason: cutReason(`timer ${timer.name}: ${failure.reason}`),
  };
}

/** A letter must fit where its record did, whatever of the record was large. */
function cutHeaders(headers: LogRecord['headers']): Record<string, Buffer> {
  const kept: Record<string, Buffer> = {};
  let bytes = 0;
  for (const [name, value] of Object.entries(headers)) {
    bytes += Buffer.byteLength(name) + value.length;
    if (bytes > TASK_LIMITS.deadLetterHeaderBytesMax) break;
    kept[name] = value;
  }
  return kept;
}

function cutReason(reason: string): string {
  return reason.slice(0, TASK_LIMITS.deadLetterReasonCharactersMax);
}

/** Counts dead letters that are nobody's decision over a sliding minute of wall-clock time. */
export class DeadLetterRate {
  private readonly times: number[] = [];

  constructor(private readonly perMinuteMax: number) {}

  /** Throws TOO_MANY_DEAD_LETTERS. `now`: ms since the epoch. */
  count(now: number, letter: EventOf<'DeadLetter'>): void {
    this.times.push(now);
    while ((this.times[0] ?? now) < now - 60_000) this.times.shift();
    if (this.times.length > this.perMinuteMax) {
      throw new RuntimeError(
        'TOO_MANY_DEAD_LETTERS',
        `more than ${String(this.perMinuteMax)} in a minute; the last: ${letter.topic}-${String(letter.partition)}@${String(letter.offset)} ${letter.errorCode} ${letter.reason}`,
      );
    }
  }
}
