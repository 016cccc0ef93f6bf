import type { AnyEvent, EventOf } from '../../schemas/event';
import type { ordersEvents } from '../../topics/orders';
import type { EventOn } from '../../topics/topic';
import { assertMove, type Order } from './order';
import { REJECTIONS, type RejectionCode } from './rejection';

export type OrdersOutput =
  EventOn<typeof ordersEvents> | StockRequest | FundsRequest | EventOf<'OrderActionAnswered'>;

export type StockRequest = EventOf<
  | 'StockReservationRequested'
  | 'StockConfirmationRequested'
  | 'StockReleaseRequested'
  | 'StockReturnRequested'
>;
export type FundsRequest = EventOf<
  'FundsHoldRequested' | 'FundsCaptureRequested' | 'FundsReleaseRequested' | 'FundsReturnRequested'
>;

/** What an event or a deadline leads to. */
export type Decision = Absorbed | Rejected | Answered | Decided;

/** A repeat, a late answer, or news that older news has overtaken: nothing happens. */
export interface Absorbed {
  readonly kind: 'absorbed';
}

/** The record makes no sense here and goes to the dead letters. */
export interface Rejected {
  readonly kind: 'rejected';
  readonly code: RejectionCode;
  readonly reason: string;
}

/** Of an order that is not known there is nothing to keep; who asked is told all the same. */
export interface Answered {
  readonly kind: 'answered';
  readonly outputs: readonly OrdersOutput[];
}

export interface Decided {
  readonly kind: 'decided';
  readonly order: Order;
  readonly outputs: readonly OrdersOutput[];
}

export const ABSORBED: Absorbed = { kind: 'absorbed' };

export function rejected(code: RejectionCode, what: string): Rejected {
  return { kind: 'rejected', code, reason: `${what}. ${REJECTIONS[code]}` };
}

/** `before` is undefined for an order that begins. Throws on an illegal move. */
export function decided(
  before: Order | undefined,
  order: Order,
  outputs: readonly OrdersOutput[] = [],
): Decided {
  if (before !== undefined) assertMove(before, order);
  return { kind: 'decided', order, outputs };
}

export function unknownOrder(event: AnyEvent & { readonly orderId: string }): Rejected {
  return rejected('UNKNOWN_ORDER', `${event.type} of order ${event.orderId}`);
}
