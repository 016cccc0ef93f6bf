/**
 * What becomes of the pieces that one order asks for of one sku. Each request moves a reservation
 * at most once; a repeat changes nothing and is not answered again. A release gives back what was
 * reserved, not what the request says.
 *
 *            reserve             confirm           return
 *   (none) -----------> RESERVED --------> SOLD ----------> RETURNED
 *     | \                   |
 *     |  \ too few pieces,  | release
 *     |   \ not for sale    v
 *     |    \            RELEASED
 *     |     +--------------------------> REJECTED
 *     | release                             ^
 *     +-----------> WITHDRAWN --------------+
 *                               reserve
 *
 * A release follows its reservation on one partition, so WITHDRAWN takes a record that was lost
 * and sent again by hand; the reservation that comes after it must not hold pieces for ever.
 */
import type { EventOf } from '../../schemas/event';
import { orderHeader, type Cause } from '../../schemas/header';
import type { inventoryEvents } from '../../topics/inventory';
import type { EventOn } from '../../topics/topic';
import type { StateOf } from '../runtime/app';
import type { Offer } from './offer';
import type { RejectionCode } from './rejection';
import { release, reserve, sell, takeBack, type Stock } from './stock';

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

export type Outcome =
  | { readonly kind: 'repeat' }
  | { readonly kind: 'illegal'; readonly code: RejectionCode; readonly what: string }
  /** Remembered; no piece moved. A withdrawal has no answer, because nobody waits for one. */
  | {
      readonly kind: 'noted';
      readonly reservation: Reservation;
      readonly answers: readonly StockAnswer[];
    }
  | {
      readonly kind: 'moved';
      readonly reservation: Reservation;
      readonly answers: readonly StockAnswer[];
      readonly stock: Stock;
    };

type LaterRequest = Exclude<ReservationRequest, { type: 'StockReservationRequested' }>;

interface Step {
  readonly from: ReservationStatus;
  readonly to: ReservationStatus;
  /** Where the request finds its work done, or nothing to do. */
  readonly repeats: readonly ReservationStatus[];
  readonly answer: 'StockConfirmed' | 'StockReleased' | 'StockReturned';
  readonly move: (stock: Stock, pieces: number) => Stock;
}

const STEPS: Readonly<Record<LaterRequest['type'], Step>> = {
  StockConfirmationRequested: {
    from: 'RESERVED',
    to: 'SOLD',
    repeats: ['SOLD', 'RETURNED'],
    answer: 'StockConfirmed',
    move: sell,
  },
  StockReleaseRequested: {
    from: 'RESERVED',
    to: 'RELEASED',
    repeats: ['RELEASED', 'REJECTED', 'WITHDRAWN'],
    answer: 'StockReleased',
    move: release,
  },
  StockReturnRequested: {
    from: 'SOLD',
    to: 'RETURNED',
    repeats: ['RETURNED'],
    answer: 'StockReturned',
    move: takeBack,
  },
};

/** Holds no pieces and never will, so it needs to be known only as long as repeats may come. */
export function hasEnded({ status }: Reservation): boolean {
  switch (status) {
    case 'RESERVED':
    case 'SOLD':
      return false;
    case 'RETURNED':
    case 'RELEASED':
    case 'REJECTED':
    case 'WITHDRAWN':
      return true;
  }
}

export function takeRequest(shelf: Shelf, request: ReservationRequest, cause: Cause): Outcome {
  if (request.quantity < 1) {
    return { kind: 'illegal', code: 'MALFORMED_QUANTITY', what: `${request.quantity} pieces` };
  }
  return request.type === 'StockReservationRequested'
    ? takeReservation(shelf, request, cause)
    : takeLaterRequest(shelf, request, cause);
}

function takeReservation(
  { stock, offer, reservation }: Shelf,
  request: EventOf<'StockReservationRequested'>,
  cause: Cause,
): Outcome {
  const { orderId, sku, quantity } = request;
  const available = stock?.available ?? 0;
  if (reservation?.status === 'WITHDRAWN') {
    return refuse(request, 'RELEASED_BEFORE', available, cause);
  }
  if (reservation !== undefined) return { kind: 'repeat' };
  if (offer?.active !== true) return refuse(request, 'UNKNOWN_SKU', available, cause);
  if (stock === undefined || available < quantity) {
    return refuse(request, 'OUT_OF_STOCK', available, cause);
  }
  const header = orderHeader(cause, 'StockReserved', orderId);
  const { unitPrice, currency } = offer;
  return {
    kind: 'moved',
    reservation: begin(request, 'RESERVED'),
    answers: [{ type: 'StockReserved', ...header, sku, quantity, unitPrice, currency }],
    stock: reserve(stock, quantity),
  };
}

function refuse(
  request: EventOf<'StockReservationRequested'>,
  reason: EventOf<'StockReservationRejected'>['reason'],
  available: number,
  cause: Cause,
): Outcome {
  const { orderId, sku, quantity } = request;
  const header = orderHeader(cause, 'StockReservationRejected', orderId);
  return {
    kind: 'noted',
    reservation: begin(request, 'REJECTED'),
    answers: [{ type: 'StockReservationRejected', ...header, sku, quantity, reason, available }],
  };
}

function takeLaterRequest(
  { stock, reservation }: Shelf,
  request: LaterRequest,
  cause: Cause,
): Outcome {
  if (reservation === undefined && request.type === 'StockReleaseRequested') {
    return { kind: 'noted', reservation: begin(request, 'WITHDRAWN'), answers: [] };
  }
  const { from, to, repeats, answer, move } = STEPS[request.type];
  if (reservation !== undefined && repeats.includes(reservation.status)) return { kind: 'repeat' };
  if (reservation?.status !== from || stock === undefined) {
    const what = `the reservation is ${reservation?.status ?? 'not known'}`;
    return { kind: 'illegal', code: 'ILLEGAL_MOVE', what };
  }
  const { orderId, sku, quantity } = reservation;
  return {
    kind: 'moved',
    reservation: { ...reservation, status: to },
    answers: [{ type: answer, ...orderHeader(cause, answer, orderId), sku, quantity }],
    stock: move(stock, quantity),
  };
}

function begin(request: ReservationRequest, status: ReservationStatus): Reservation {
  const { sku, orderId, quantity } = request;
  return { type: 'StockReservationState', sku, orderId, quantity, status };
}
