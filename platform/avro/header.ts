import { eventId } from './event-id';

/** What an event follows from: a record of the log, or a timer. */
export interface Cause {
  /** eventId of the record's event; for a timer an id that derives from it. */
  readonly id: string;
  /** Log-append time of the record, or due time of the timer; ms since the epoch. */
  readonly at: number;
}

export interface Header {
  readonly eventId: string;
  readonly occurredAt: number;
  readonly causationId: string;
  readonly correlationId: string;
}

/** The fields that begin every event. `role` tells apart the events that share a cause. */
export function header(cause: Cause, role: string, correlationId: string): Header {
  return {
    eventId: eventId(cause.id, role),
    occurredAt: cause.at,
    causationId: cause.id,
    correlationId,
  };
}
