/**
 * One turn of a payment: when and why something is decided, and what is written because of it.
 * Decisions are `(payment, what happened, turn) -> payment`; the topology carries the turn out.
 */
import type { EventOf } from '../../schemas/event';
import type { Cause } from '../../schemas/header';
import type { paymentsEvents, paymentsGatewayRequests } from '../../topics/payments';
import type { EventOn } from '../../topics/topic';
import type { PaymentsSettings } from './settings';

export type TimerName =
  /** The next code is asked for after one could not be had. */
  | 'code'
  /** The payment deadline has passed. */
  | 'expiry'
  /** The next poll round. */
  | 'poll'
  /** A wanted read that had to pause. */
  | 'read'
  /** The status request in flight has gone stale without an answer. */
  | 'answer'
  /** A code that could not be withdrawn is withdrawn again. */
  | 'withdraw'
  /** The authorization for an order that is over should be reverted by now. */
  | 'stuck'
  /** A verdict is checked. */
  | 'watch'
  /** A refund that is not known to have ended is asked for again. */
  | 'refund';

export class Turn {
  readonly requests: EventOn<typeof paymentsGatewayRequests>[] = [];
  readonly events: EventOn<typeof paymentsEvents>[] = [];
  readonly answers: EventOf<'PaymentActionAnswered'>[] = [];
  /** The last word of the turn on each timer it touched. */
  readonly timers = new Map<TimerName, { readonly dueAt: number } | 'cleared'>();

  constructor(
    readonly cause: Cause,
    readonly settings: PaymentsSettings,
  ) {}

  /** Log time of the record, or due time of the timer; ms since the epoch. */
  get now(): number {
    return this.cause.at;
  }

  request(event: EventOn<typeof paymentsGatewayRequests>): void {
    this.requests.push(event);
  }

  tell(event: EventOn<typeof paymentsEvents>): void {
    this.events.push(event);
  }

  /** Tells an alert how the action went that it started. */
  answer(event: EventOf<'PaymentActionAnswered'>): void {
    this.answers.push(event);
  }

  setTimer(name: TimerName, dueAt: number): void {
    this.timers.set(name, { dueAt });
  }

  clearTimers(...names: readonly TimerName[]): void {
    for (const name of names) this.timers.set(name, 'cleared');
  }
}
