import type { EventOf } from '../../../schemas/event';
import { takeFundsReply, takeStockReply } from '../../../streams/orders/reply';
import { ORDER_ID, USER_ID, sample } from '../saga/sample-event';
import {
  ALL_RESERVED,
  CAUSE,
  FAILED,
  FAILED_UNPRICED,
  HALF_RESERVED,
  PAID,
  PENDING,
  TOTAL,
  WAITING,
} from './sample-order';

const CLOSED = [PAID, FAILED];

function reserved(sku: string, quantity: number, unitPrice: number, currency = 'JPY') {
  return sample('StockReserved', { orderId: ORDER_ID, sku, quantity, unitPrice, currency });
}

function refused(reason: 'OUT_OF_STOCK' | 'UNKNOWN_SKU' | 'RELEASED_BEFORE') {
  const fields = { orderId: ORDER_ID, sku: 'b', quantity: 3, reason, available: 1 };
  return sample('StockReservationRejected', fields);
}

function held(amount: number) {
  return sample('FundsHeld', { orderId: ORDER_ID, userId: USER_ID, amount, currency: 'JPY' });
}

function holdRefused(
  reason: 'OVER_LIMIT' | 'RELEASED_BEFORE',
  exceeded: EventOf<'FundsHoldRejected'>['exceeded'] = 'SPENDING_LIMIT',
) {
  const fields = { orderId: ORDER_ID, userId: USER_ID, amount: TOTAL, currency: 'JPY' };
  const limits = { available: 100, exceeded, allowed: 20, open: 19 };
  return sample('FundsHoldRejected', { ...fields, reason, ...limits });
}

describe('a reservation', () => {
  it('is remembered while others are out', () => {
    expect(takeStockReply(PENDING, reserved('a', 2, 500), CAUSE)).toEqual({
      kind: 'decided',
      order: HALF_RESERVED,
      outputs: [],
    });
  });

  it('that is the last one asks to hold the total', () => {
    expect(takeStockReply(HALF_RESERVED, reserved('b', 3, 200), CAUSE)).toMatchObject({
      order: ALL_RESERVED,
      outputs: [
        {
          type: 'FundsHoldRequested',
          ...{ userId: USER_ID, amount: TOTAL, currency: 'JPY', pieces: 5 },
        },
      ],
    });
  });

  it('that comes again changes nothing, at whatever price', () => {
    for (const price of [500, 900]) {
      const decision = takeStockReply(HALF_RESERVED, reserved('a', 2, price), CAUSE);
      expect(decision).toEqual({ kind: 'absorbed' });
    }
  });

  it('of what the order never asked for is refused', () => {
    for (const reply of [reserved('c', 2, 500), reserved('a', 7, 500)]) {
      const decision = takeStockReply(PENDING, reply, CAUSE);
      expect(decision).toMatchObject({ kind: 'rejected', code: 'NOT_ASKED_FOR' });
    }
  });

  it('in another currency is refused', () => {
    const decision = takeStockReply(HALF_RESERVED, reserved('b', 3, 2, 'USD'), CAUSE);
    expect(decision).toMatchObject({ kind: 'rejected', code: 'MIXED_CURRENCIES' });
  });
});

describe('a rejection', () => {
  it.each([
    ['OUT_OF_STOCK', 'OUT_OF_STOCK'],
    ['UNKNOWN_SKU', 'UNKNOWN_SKU'],
    ['RELEASED_BEFORE', 'OUT_OF_STOCK'],
  ] as const)('%s of stock fails the order as %s', (reason, failure) => {
    expect(takeStockReply(HALF_RESERVED, refused(reason), CAUSE)).toMatchObject({
      order: FAILED_UNPRICED,
      outputs: [
        { type: 'OrderFailed', reason: failure },
        { type: 'StockReleaseRequested', sku: 'a' },
        { type: 'StockReleaseRequested', sku: 'b' },
      ],
    });
  });

  it.each([
    ['SPENDING_LIMIT', '1600 JPY to be held, 100 available'],
    ['OPEN_ORDERS', '19 orders wait for their payment already, at most 20 may'],
    ['HELD_PIECES', '19 pieces are held for open orders already, at most 20 may be'],
  ] as const)('that is over the limit %s says so in words', (exceeded, words) => {
    const reply = holdRefused('OVER_LIMIT', exceeded);
    expect(takeFundsReply(ALL_RESERVED, reply, CAUSE)).toMatchObject({
      outputs: expect.arrayContaining([
        expect.objectContaining({
          type: 'OrderFailed',
          reason: 'OVER_LIMIT',
          detail: expect.stringContaining(words) as string,
        }),
      ]) as unknown,
    });
  });

  it.each(['OVER_LIMIT', 'RELEASED_BEFORE'] as const)('%s of funds fails the order', (reason) => {
    expect(takeFundsReply(ALL_RESERVED, holdRefused(reason), CAUSE)).toMatchObject({
      order: FAILED,
      outputs: [
        { type: 'OrderFailed', reason: 'OVER_LIMIT' },
        { type: 'StockReleaseRequested', sku: 'a' },
        { type: 'StockReleaseRequested', sku: 'b' },
        { type: 'FundsReleaseRequested', amount: TOTAL },
      ],
    });
  });

  it('of a sku that is reserved already changes nothing', () => {
    expect(takeStockReply(ALL_RESERVED, refused('OUT_OF_STOCK'), CAUSE)).toEqual({
      kind: 'absorbed',
    });
  });
});

describe('held funds', () => {
  it('make the order wait for its payment', () => {
    const { items, totalAmount, currency } = WAITING;
    expect(takeFundsReply(ALL_RESERVED, held(TOTAL), CAUSE)).toMatchObject({
      order: WAITING,
      outputs: [{ type: 'OrderWaitingPayment', userId: USER_ID, items, totalAmount, currency }],
    });
  });

  it('that the order did not ask for are refused', () => {
    for (const decision of [
      takeFundsReply(ALL_RESERVED, held(TOTAL - 1), CAUSE),
      takeFundsReply(HALF_RESERVED, held(1_000), CAUSE),
    ]) {
      expect(decision).toMatchObject({ kind: 'rejected', code: 'NOT_ASKED_FOR' });
    }
  });
});

describe('an answer that is late', () => {
  it.each([WAITING, ...CLOSED])('changes nothing: $type', (order) => {
    const decisions = [
      takeStockReply(order, reserved('a', 2, 500), CAUSE),
      takeStockReply(order, refused('OUT_OF_STOCK'), CAUSE),
      takeFundsReply(order, held(TOTAL), CAUSE),
      takeFundsReply(order, holdRefused('OVER_LIMIT'), CAUSE),
    ];
    expect(new Set(decisions.map(({ kind }) => kind))).toEqual(new Set(['absorbed']));
  });
});
