import type { EventOf } from '../../schemas/event';
import { orderHeader, type Cause } from '../../schemas/header';

export type ActionStarted = EventOf<'AlertActionStarted'>;

/** What the alert is told of the action that it started. */
export function answer(
  {
    eventId,
    orderId,
    alertId,
    action,
  }: Pick<ActionStarted, 'eventId' | 'orderId' | 'alertId' | 'action'>,
  outcome: EventOf<'OrderActionAnswered'>['outcome'],
  detail: string,
  cause: Cause,
): EventOf<'OrderActionAnswered'> {
  const header = orderHeader(cause, `OrderActionAnswered/${eventId}`, orderId);
  return {
    type: 'OrderActionAnswered',
    ...header,
    alertId,
    actionId: eventId,
    action,
    outcome,
    detail,
  };
}
