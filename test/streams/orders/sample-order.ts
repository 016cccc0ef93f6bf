/** One order of two items in each of its states, and the cause of whatever happens to it. */
import type {
  FailedOrder,
  PaidOrder,
  PendingOrder,
  WaitingOrder,
} from '../../../streams/orders/order';
import { NOTHING_KNOWN } from '../../../streams/orders/payment-facts';
import { ORDER_ID, USER_ID } from '../saga/sample-event';

export const CAUSE = { id: 'the-cause', at: 1_000 };

export const ITEMS = [
  { sku: 'a', quantity: 2 },
  { sku: 'b', quantity: 3 },
];

/** 2 of a at 500 yen and 3 of b at 200 yen. */
export const TOTAL = 1_600;

const RESERVED_A = { sku: 'a', unitPrice: 500, currency: 'JPY' };
const RESERVED_B = { sku: 'b', unitPrice: 200, currency: 'JPY' };

const common = { orderId: ORDER_ID, userId: USER_ID };

export const PENDING: PendingOrder = {
  type: 'PendingOrderState',
  ...common,
  items: ITEMS,
  reserved: [],
};

export const HALF_RESERVED: PendingOrder = { ...PENDING, reserved: [RESERVED_A] };

export const ALL_RESERVED: PendingOrder = { ...PENDING, reserved: [RESERVED_A, RESERVED_B] };

export const WAITING: WaitingOrder = {
  type: 'WaitingOrderState',
  ...common,
  items: [
    { sku: 'a', quantity: 2, unitPrice: 500 },
    { sku: 'b', quantity: 3, unitPrice: 200 },
  ],
  totalAmount: TOTAL,
  currency: 'JPY',
  cancelling: false,
  payment: NOTHING_KNOWN,
};

export const PAID: PaidOrder = {
  type: 'PaidOrderState',
  ...common,
  items: ITEMS,
  totalAmount: TOTAL,
  currency: 'JPY',
  payment: {
    ...NOTHING_KNOWN,
    successes: [{ paymentId: 'paypay-1', amount: TOTAL, currency: 'JPY', paidAt: 100 }],
  },
  rollBack: null,
};

export const FAILED: FailedOrder = {
  type: 'FailedOrderState',
  ...common,
  items: ITEMS,
  payment: NOTHING_KNOWN,
  totalAmount: TOTAL,
  currency: 'JPY',
};

/** One that failed before the hold of its total was asked for. */
export const FAILED_UNPRICED: FailedOrder = { ...FAILED, totalAmount: 0, currency: '' };
