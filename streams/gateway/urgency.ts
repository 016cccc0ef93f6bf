/**
 * Who is called first when more is asked than the budget allows. Three kinds of requests share it:
 * what a person or a next step waits for, polls of open orders, and checks of verdicts that are out.
 * Within a kind the one that has waited longest comes first.
 */
import type { GatewayRequest } from './result-event';

export type Urgency = 'PROMPT' | 'POLL' | 'WATCH';

/**
 * Of ten calls, while all three kinds wait; what one kind leaves goes to the others. Even a flood
 * of codes or of forged webhooks leaves open orders their polls, and those the checks.
 */
export const SHARES: Readonly<Record<Urgency, number>> = { PROMPT: 6, POLL: 3, WATCH: 1 };

export const URGENCIES = Object.keys(SHARES) as readonly Urgency[];

export function urgencyOf(request: GatewayRequest): Urgency {
  // A refund that is in flight ends by itself; looking at it can wait.
  if (request.type === 'RefundStatusRequested') return 'WATCH';
  if (request.type !== 'PaymentStatusRequested') return 'PROMPT';
  const { purpose } = request;
  return purpose === 'POLL' || purpose === 'WATCH' ? purpose : 'PROMPT';
}

export function isMoreUrgent(urgency: Urgency, other: Urgency): boolean {
  return URGENCIES.indexOf(urgency) < URGENCIES.indexOf(other);
}

/** Since when its order waits for this; ms since the epoch. */
export function waitsSince(request: GatewayRequest): number {
  // 0 stands on requests from before orders kept their place.
  const asked = request.type === 'PaymentStatusRequested' ? request.waitingSince : 0;
  return asked === 0 ? request.occurredAt : asked;
}
