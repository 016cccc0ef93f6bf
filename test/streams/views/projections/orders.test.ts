import type { EventOf } from '../../../../schemas/event';
import { ordersProjection } from '../../../../streams/views/projections/orders';
import { projected } from '../projected';
import {
  DECIDED_AT,
  LOGGED_AT,
  ofOrder,
  orderCreated,
  orderPaid,
  orderWaitingPayment,
} from '../sample-events';

const order = { table: 'orders', order_id: 'o1', updated_at: LOGGED_AT };

describe('the row of an order', () => {
  it('begins PENDING, with its items in the order in which they were bought', () => {
    expect(projected(ordersProjection, orderCreated('o1'))).toEqual([
      { ...order, user_id: 'user-1', status: 'PENDING', created_at: DECIDED_AT },
      { table: 'order_items', order_id: 'o1', sku: 'tea', line: 1, quantity: 2 },
      { table: 'order_items', order_id: 'o1', sku: 'cup', line: 2, quantity: 1 },
    ]);
  });

  it('gets its total and the prices of its items when it waits for the payment', () => {
    expect(projected(ordersProjection, orderWaitingPayment('o1'))).toEqual([
      { ...order, status: 'WAITING_PAYMENT', total_amount: 2_200, currency: 'JPY' },
      { table: 'order_items', order_id: 'o1', sku: 'tea', unit_price: 500 },
      { table: 'order_items', order_id: 'o1', sku: 'cup', unit_price: 1_200 },
    ]);
  });

  it('says which payment made it PAID', () => {
    expect(projected(ordersProjection, orderPaid('o1'))).toEqual([
      { ...order, status: 'PAID', payment_id: 'paypay-1', paid_at: DECIDED_AT },
    ]);
  });

  it('says why it FAILED', () => {
    const failed = ofOrder<EventOf<'OrderFailed'>>('o1', {
      type: 'OrderFailed',
      userId: 'user-1',
      reason: 'OUT_OF_STOCK',
      detail: 'no cup is left',
    });
    expect(projected(ordersProjection, failed)).toEqual([
      {
        ...order,
        status: 'FAILED',
        failure_reason: 'OUT_OF_STOCK',
        failure_detail: 'no cup is left',
      },
    ]);
  });

  it('keeps its status when a cancellation begins, when late news come and when it is refunded', () => {
    const events = [
      ofOrder<EventOf<'OrderCancellationStarted'>>('o1', {
        type: 'OrderCancellationStarted',
        userId: 'user-1',
        reason: '',
      }),
      ofOrder<EventOf<'OrderPaymentRecorded'>>('o1', {
        type: 'OrderPaymentRecorded',
        orderStatus: 'FAILED',
        paymentEventId: 'event-1',
        paymentEventType: 'PaymentSucceeded',
        detail: 'paid after it had failed',
      }),
      ofOrder<EventOf<'OrderRefunded'>>('o1', {
        type: 'OrderRefunded',
        paymentId: 'paypay-1',
        merchantRefundId: null,
        amount: 2_200,
        currency: 'JPY',
      }),
      ofOrder<EventOf<'OrderRolledBack'>>('o1', {
        type: 'OrderRolledBack',
        userId: 'user-1',
        amount: 2_200,
        currency: 'JPY',
      }),
    ];
    expect(events.map((event) => projected(ordersProjection, event))).toEqual([
      [{ ...order, cancellation_started_at: DECIDED_AT }],
      [order],
      [{ ...order, refunded_at: DECIDED_AT }],
      [{ ...order, rolled_back_at: DECIDED_AT }],
    ]);
  });
});
