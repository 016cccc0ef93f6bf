/** One step of an alert that an operator asked for: what it becomes and what is said, or why not. */
import type { EventOf } from '../../schemas/event';
import { eventId } from '../../schemas/event-id';
import type { alertsLifecycle, alertsRequests } from '../../topics/alerts';
import type { EventOn } from '../../topics/topic';
import type { AlertMemory } from './alert';

export type AlertRequest = EventOn<typeof alertsRequests>;
export type LifecycleEvent = EventOn<typeof alertsLifecycle>;
export type RefusalReason = EventOf<'AlertCommandRefused'>['reason'];

export type CommandStep =
  | { readonly kind: 'step'; readonly alert: AlertMemory; readonly events: LifecycleEvent[] }
  | { readonly kind: 'refused'; readonly reason: RefusalReason };

export function refused(reason: RefusalReason): CommandStep {
  return { kind: 'refused', reason };
}

/** The fields that begin the events that a request leads to. */
export function commandHeader(
  { eventId: id, orderId, alertId }: AlertRequest,
  role: string,
  now: number,
) {
  return {
    eventId: eventId(id, role),
    orderId,
    occurredAt: now,
    causationId: id,
    correlationId: orderId,
    alertId,
  };
}
