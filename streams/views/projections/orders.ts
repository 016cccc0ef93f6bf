/** `orders.events.v1` -> orders and order_items: the state of the order, as orders decided it. */
import type { EventOf } from '../../../schemas/event';
import { ordersEvents } from '../../../topics/orders';
import type { EventOn } from '../../../topics/topic';
import { projectEvents } from '../projection';
import { upsert, type Row, type RowChange } from '../table';
import { orderItems, orders } from '../tables';

export const ordersProjection = projectEvents(ordersEvents, (event, position) => [
  upsert(orders, {
    order_id: event.orderId,
    ...orderColumns(event),
    updated_at: position.timestamp,
  }),
  ...itemRows(event),
]);

type OrderEvent = EventOn<typeof ordersEvents>;

function orderColumns(event: OrderEvent): Row<typeof orders> {
  switch (event.type) {
    case 'OrderCreated':
      return { user_id: event.userId, status: 'PENDING', created_at: event.occurredAt };
    case 'OrderWaitingPayment':
      return {
        status: 'WAITING_PAYMENT',
        total_amount: event.totalAmount,
        currency: event.currency,
      };
    case 'OrderCancellationStarted':
      return { cancellation_started_at: event.occurredAt };
    case 'OrderPaid':
      return { status: 'PAID', payment_id: event.paymentId, paid_at: event.paidAt };
    case 'OrderFailed':
      return { status: 'FAILED', failure_reason: event.reason, failure_detail: event.detail };
    case 'OrderPaymentRecorded':
      // A fact beside a terminal state: it stands on the timeline, the order does not change.
      return {};
    case 'OrderRefunded':
      return { refunded_at: event.occurredAt };
    case 'OrderRolledBack':
      return { rolled_back_at: event.occurredAt };
  }
}

function itemRows(event: OrderEvent): readonly RowChange[] {
  switch (event.type) {
    case 'OrderCreated':
      return createdItems(event);
    case 'OrderWaitingPayment':
      return event.items.map(({ sku, unitPrice }) =>
        upsert(orderItems, { order_id: event.orderId, sku, unit_price: unitPrice }),
      );
    case 'OrderCancellationStarted':
    case 'OrderPaid':
    case 'OrderFailed':
    case 'OrderPaymentRecorded':
    case 'OrderRefunded':
    case 'OrderRolledBack':
      return [];
  }
}

function createdItems({ orderId, items }: EventOf<'OrderCreated'>): readonly RowChange[] {
  return items.map(({ sku, quantity }, index) =>
    upsert(orderItems, { order_id: orderId, sku, line: index + 1, quantity }),
  );
}
