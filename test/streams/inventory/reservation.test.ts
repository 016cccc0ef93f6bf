import {
  hasEnded,
  takeRequest,
  type Outcome,
  type Reservation,
  type ReservationRequest,
  type ReservationStatus,
  type Shelf,
} from '../../../streams/inventory/reservation';
import type { Stock } from '../../../streams/inventory/stock';
import { ORDER_ID, sample } from '../saga/sample-event';

const CAUSE = { id: 'the-cause', at: 1_000 };
const STATUSES: readonly ReservationStatus[] = [
  'RESERVED',
  'SOLD',
  'RETURNED',
  'RELEASED',
  'REJECTED',
  'WITHDRAWN',
];
const STOCK: Stock = {
  type: 'StockState',
  sku: 'a',
  total: 20,
  available: 10,
  reserved: 5,
  sold: 5,
};
const OFFER = {
  type: 'OfferState',
  sku: 'a',
  unitPrice: 500,
  currency: 'JPY',
  active: true,
} as const;

function request(type: ReservationRequest['type'], quantity = 3): ReservationRequest {
  return sample(type, { orderId: ORDER_ID, sku: 'a', quantity });
}

function reservation(status: ReservationStatus): Reservation {
  return { type: 'StockReservationState', sku: 'a', orderId: ORDER_ID, quantity: 3, status };
}

function shelf(changed: Partial<Shelf> = {}): Shelf {
  return { stock: STOCK, offer: OFFER, reservation: undefined, ...changed };
}

function take(on: Shelf, of: ReservationRequest): Outcome {
  return takeRequest(on, of, CAUSE);
}

/** Where a request leads from each status, or what it is called when it leads nowhere. */
function outcomesFrom(type: ReservationRequest['type']): Record<string, string> {
  const from = [undefined, ...STATUSES.map(reservation)];
  return Object.fromEntries(
    from.map((known) => {
      const outcome = take(shelf({ reservation: known }), request(type));
      const leadsTo = 'reservation' in outcome ? outcome.reservation.status : outcome.kind;
      return [known?.status ?? 'none', leadsTo];
    }),
  );
}

describe('the life of a reservation', () => {
  it('leads from every status where the diagram says', () => {
    expect(outcomesFrom('StockReservationRequested')).toEqual({
      none: 'RESERVED',
      RESERVED: 'repeat',
      SOLD: 'repeat',
      RETURNED: 'repeat',
      RELEASED: 'repeat',
      REJECTED: 'repeat',
      WITHDRAWN: 'REJECTED',
    });
    expect(outcomesFrom('StockConfirmationRequested')).toEqual({
      none: 'illegal',
      RESERVED: 'SOLD',
      SOLD: 'repeat',
      RETURNED: 'repeat',
      RELEASED: 'illegal',
      REJECTED: 'illegal',
      WITHDRAWN: 'illegal',
    });
    expect(outcomesFrom('StockReleaseRequested')).toEqual({
      none: 'WITHDRAWN',
      RESERVED: 'RELEASED',
      SOLD: 'illegal',
      RETURNED: 'illegal',
      RELEASED: 'repeat',
      REJECTED: 'repeat',
      WITHDRAWN: 'repeat',
    });
    expect(outcomesFrom('StockReturnRequested')).toEqual({
      none: 'illegal',
      RESERVED: 'illegal',
      SOLD: 'RETURNED',
      RETURNED: 'repeat',
      RELEASED: 'illegal',
      REJECTED: 'illegal',
      WITHDRAWN: 'illegal',
    });
  });

  it('has ended once it can hold no pieces any more', () => {
    const ended = STATUSES.filter((status) => hasEnded(reservation(status)));
    expect(ended).toEqual(['RETURNED', 'RELEASED', 'REJECTED', 'WITHDRAWN']);
  });
});

describe('a request to reserve', () => {
  it('is answered with the price of this moment', () => {
    expect(take(shelf(), request('StockReservationRequested'))).toMatchObject({
      kind: 'moved',
      balance: { available: 7, reserved: 8 },
      answers: [
        { type: 'StockReserved', orderId: ORDER_ID, quantity: 3, unitPrice: 500, currency: 'JPY' },
      ],
    });
  });

  it('can take the last piece and not one more', () => {
    expect(take(shelf(), request('StockReservationRequested', 10))).toMatchObject({
      balance: { available: 0 },
    });
    expect(take(shelf(), request('StockReservationRequested', 11))).toMatchObject({
      kind: 'noted',
      answers: [{ type: 'StockReservationRejected', reason: 'OUT_OF_STOCK', available: 10 }],
    });
  });

  it.each([
    ['a sku that is in no catalog', { offer: undefined }, 'UNKNOWN_SKU'],
    ['a sku that is no longer for sale', { offer: { ...OFFER, active: false } }, 'UNKNOWN_SKU'],
    ['a sku that never came in', { stock: undefined }, 'OUT_OF_STOCK'],
    ['what was released before', { reservation: reservation('WITHDRAWN') }, 'RELEASED_BEFORE'],
  ])('is rejected for %s', (_what, changed, reason) => {
    expect(take(shelf(changed), request('StockReservationRequested'))).toMatchObject({
      kind: 'noted',
      reservation: { status: 'REJECTED' },
      answers: [{ type: 'StockReservationRejected', quantity: 3, reason }],
    });
  });
});

describe('a later request', () => {
  it.each([
    ['StockConfirmationRequested', 'RESERVED', 'StockConfirmed', { reserved: 2, sold: 8 }],
    ['StockReleaseRequested', 'RESERVED', 'StockReleased', { available: 13, reserved: 2 }],
    ['StockReturnRequested', 'SOLD', 'StockReturned', { available: 13, sold: 2 }],
  ] as const)(
    '%s moves what was reserved, whatever it says itself',
    (type, from, answer, moved) => {
      const known = reservation(from);
      expect(take(shelf({ reservation: known }), request(type, 99))).toMatchObject({
        kind: 'moved',
        balance: moved,
        answers: [{ type: answer, orderId: ORDER_ID, sku: 'a', quantity: 3 }],
      });
    },
  );

  it('to release what is not known yet is remembered and not answered', () => {
    expect(take(shelf(), request('StockReleaseRequested'))).toEqual({
      kind: 'noted',
      reservation: reservation('WITHDRAWN'),
      answers: [],
    });
  });
});

describe('a request of less than one piece', () => {
  it.each([0, -3])('is refused: %d', (quantity) => {
    expect(take(shelf(), request('StockReservationRequested', quantity))).toMatchObject({
      kind: 'illegal',
      code: 'MALFORMED_QUANTITY',
    });
  });
});
