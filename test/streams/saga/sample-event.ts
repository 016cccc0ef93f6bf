/**
 * Events as other parts of the system would write them. Equal fields make an equal eventId, so the
 * same sample twice is a redelivery.
 */
import type { EventOf, EventType } from '../../../schemas/event';
import { eventId } from '../../../schemas/event-id';
import type { Header } from '../../../schemas/header';
import { UNMARKED } from '../../../schemas/request-marks';

export const ORDER_ID = '4b1f7a52-3f0c-5d7b-8f3e-2a9c4d6e8f10';
export const USER_ID = 'shopper';
export const PAYMENT_ID = 'paypay-1';

type Fields<T extends EventType> = Omit<EventOf<T>, 'type' | keyof Header>;

/** `occurrence` tells apart events that say the same. */
export function sample<T extends EventType>(
  type: T,
  fields: Fields<T>,
  occurrence = 1,
): EventOf<T> {
  const id = eventId(JSON.stringify([type, fields, occurrence]), 'sample');
  const header: Header = { eventId: id, occurredAt: 0, causationId: id, correlationId: ORDER_ID };
  return { type, ...header, ...fields } as unknown as EventOf<T>;
}

export function purchase(
  items: Fields<'PurchaseRequested'>['items'],
  changed: Partial<Fields<'PurchaseRequested'>> = {},
  occurrence = 1,
): EventOf<'PurchaseRequested'> {
  const fields = {
    orderId: ORDER_ID,
    userId: USER_ID,
    idempotencyKey: 'key-1',
    items,
    ...UNMARKED,
  };
  return sample('PurchaseRequested', { ...fields, ...changed }, occurrence);
}

export function product(sku: string, unitPrice: number, active = true): EventOf<'Product'> {
  return sample('Product', {
    sku,
    name: `Product ${sku}`,
    nameJa: `商品 ${sku}`,
    description: '',
    descriptionJa: '',
    unitPrice,
    currency: 'JPY',
    imageUrl: null,
    active,
    actor: 'ops-1',
    reason: '',
    ...UNMARKED,
  });
}

export function stockReceived(
  sku: string,
  quantity: number,
  occurrence = 1,
): EventOf<'StockReceived'> {
  const fields = { sku, quantity, actor: 'operator', ...UNMARKED };
  return sample('StockReceived', fields, occurrence);
}

export function stockAdjustment(
  sku: string,
  quantity: number,
  occurrence = 1,
): EventOf<'StockAdjustmentRequested'> {
  const fields = {
    ...{ sku, quantity, reason: 'booked by mistake', actor: 'operator' },
    ...UNMARKED,
  };
  return sample('StockAdjustmentRequested', fields, occurrence);
}

export function limitChanged(limit: number, occurrence = 1): EventOf<'SpendingLimitChanged'> {
  const fields = {
    ...{ userId: USER_ID, limit, currency: 'JPY', actor: 'operator', reason: '' },
    ...UNMARKED,
  };
  return sample('SpendingLimitChanged', fields, occurrence);
}

export function cancellation(userId = USER_ID): EventOf<'CancellationRequested'> {
  const fields = { orderId: ORDER_ID, userId, reason: 'changed my mind', ...UNMARKED };
  return sample('CancellationRequested', fields);
}

export function success(
  amount: number,
  changed: Partial<Fields<'PaymentSucceeded'>> = {},
  occurrence = 1,
): EventOf<'PaymentSucceeded'> {
  return sample(
    'PaymentSucceeded',
    {
      orderId: ORDER_ID,
      attempt: 1,
      merchantPaymentId: `${ORDER_ID}-1`,
      paymentId: PAYMENT_ID,
      amount,
      currency: 'JPY',
      paidAt: 100,
      settledBy: 'NOTIFICATION',
      ...changed,
    },
    occurrence,
  );
}

export function failure(
  reason: EventOf<'PaymentFailed'>['reason'],
  observedAt: number,
): EventOf<'PaymentFailed'> {
  return sample('PaymentFailed', {
    orderId: ORDER_ID,
    attempt: 1,
    merchantPaymentId: `${ORDER_ID}-1`,
    paymentId: PAYMENT_ID,
    reason,
    observedAt,
    detail: 'PayPay said so',
  });
}

export function expiry(expiredAt: number): EventOf<'PaymentExpired'> {
  return sample('PaymentExpired', {
    orderId: ORDER_ID,
    attempt: 1,
    merchantPaymentId: `${ORDER_ID}-1`,
    expiredAt,
  });
}

export function refund(amount: number, occurrence = 1): EventOf<'PaymentRefunded'> {
  return sample(
    'PaymentRefunded',
    {
      orderId: ORDER_ID,
      merchantPaymentId: `${ORDER_ID}-1`,
      paymentId: PAYMENT_ID,
      merchantRefundId: null,
      amount,
      currency: 'JPY',
      requestedHere: false,
      observedAt: 200,
      wasPending: false,
    },
    occurrence,
  );
}

export function rollBackStarted(): EventOf<'AlertActionStarted'> {
  return sample('AlertActionStarted', {
    orderId: ORDER_ID,
    alertId: 'alert-1',
    version: 2,
    actor: 'operator',
    action: 'ROLL_BACK',
    reason: 'no money',
    idempotencyKey: 'key-1',
    payments: [],
  });
}
