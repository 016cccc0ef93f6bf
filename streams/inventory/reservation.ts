/**
 * What becomes of the pieces that one order asks for of one sku: the reservation protocol over the
 * stock. What the protocol calls CONFIRMED is SOLD here.
 */
import type { EventOf } from '../../schemas/event';
import { orderHeader, type Cause } from '../../schemas/header';
import type { inventoryEvents } from '../../topics/inventory';
import type { EventOn } from '../../topics/topic';
import { ReservationProtocol, type Outcome as ProtocolOutcome } from '../reservation/protocol';
import type { StateOf } from '../runtime/app';
import type { Offer } from './offer';
import type { RejectionCode } from './rejection';
import { noStock, release, reserve, sell, takeBack, type Stock } from './stock';

export type Reservation = StateOf<'StockReservationState'>;
export type ReservationStatus = Reservation['status'];
export type StockAnswer = EventOn<typeof inventoryEvents>;

/** What is known of the order's part of the sku before the request is looked at. */
export interface Shelf {
  readonly stock: Stock | undefined;
  readonly offer: Offer | undefined;
  readonly reservation: Reservation | undefined;
}

export type ReservationRequest = EventOf<
  | 'StockReservationRequested'
  | 'StockConfirmationRequested'
  | 'StockReleaseRequested'
  | 'StockReturnRequested'
>;

interface Pieces {
  readonly request: ReservationRequest;
  readonly ledger: {
    readonly balance: Stock;
    readonly offer: Offer | undefined;
    readonly reservation: Reservation | undefined;
  };
  readonly answer: StockAnswer;
  readonly reason: EventOf<'StockReservationRejected'>['reason'];
}

export type Outcome =
  | ProtocolOutcome<Pieces>
  | { readonly kind: 'illegal'; readonly code: RejectionCode; readonly what: string };

const ANSWERS = {
  CONFIRM: 'StockConfirmed',
  RELEASE: 'StockReleased',
  RETURN: 'StockReturned',
} as const;

const protocol = new ReservationProtocol<Pieces>({
  noun: 'reservation',
  demands: {
    StockReservationRequested: 'RESERVE',
    StockConfirmationRequested: 'CONFIRM',
    StockReleaseRequested: 'RELEASE',
    StockReturnRequested: 'RETURN',
  },
  statuses: {
    RESERVED: 'RESERVED',
    CONFIRMED: 'SOLD',
    RETURNED: 'RETURNED',
    RELEASED: 'RELEASED',
    REJECTED: 'REJECTED',
    WITHDRAWN: 'WITHDRAWN',
  },
  begin: ({ sku, orderId, quantity }, status) => ({
    type: 'StockReservationState',
    sku,
    orderId,
    quantity,
    status,
  }),
  withStatus: (known, status) => ({ ...known, status }),
  reserve({ orderId, sku, quantity }, { balance: stock, offer }, cause) {
    if (offer?.active !== true) return { kind: 'refused', reason: 'UNKNOWN_SKU' };
    if (stock.available < quantity) return { kind: 'refused', reason: 'OUT_OF_STOCK' };
    const { unitPrice, currency } = offer;
    const header = orderHeader(cause, 'StockReserved', orderId);
    const answer = { ...header, sku, quantity, unitPrice, currency };
    const balance = reserve(stock, quantity);
    return { kind: 'granted', balance, answer: { type: 'StockReserved', ...answer } };
  },
  reject({ orderId, sku, quantity }, reason, { balance: { available } }, cause) {
    const header = orderHeader(cause, 'StockReservationRejected', orderId);
    return { type: 'StockReservationRejected', ...header, sku, quantity, reason, available };
  },
  moves: {
    CONFIRM: (stock, { quantity }) => sell(stock, quantity),
    RELEASE: (stock, { quantity }) => release(stock, quantity),
    RETURN: (stock, { quantity }) => takeBack(stock, quantity),
  },
  answer(demand, { orderId, sku, quantity }, _ledger, cause) {
    const type = ANSWERS[demand];
    return { type, ...orderHeader(cause, type, orderId), sku, quantity };
  },
});

/** Holds no pieces and never will. */
export function hasEnded(known: Reservation): boolean {
  return protocol.hasEnded(known);
}

export function takeRequest(
  { stock, offer, reservation }: Shelf,
  request: ReservationRequest,
  cause: Cause,
): Outcome {
  const { sku, quantity } = request;
  if (quantity < 1) {
    return { kind: 'illegal', code: 'MALFORMED_QUANTITY', what: `${quantity} pieces` };
  }
  const balance = stock ?? noStock(sku);
  return protocol.take({ balance, offer, reservation }, request, cause);
}
