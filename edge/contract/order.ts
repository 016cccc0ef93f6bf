/** What the API takes and gives of orders. */
import { Type, type Static } from '@sinclair/typebox';
import {
  before,
  closedObject,
  currency,
  instant,
  int,
  long,
  next,
  nullable,
  offset,
  oneOf,
  partition,
  payload,
  sku,
  uuid,
  yen,
} from './fields';
import { limits } from '../limits';

export const orderStatus = oneOf(['PENDING', 'WAITING_PAYMENT', 'PAID', 'FAILED']);

export const orderFailureReason = oneOf([
  'OUT_OF_STOCK',
  'UNKNOWN_SKU',
  'OVER_LIMIT',
  'PAYMENT_FAILED',
  'PAYMENT_EXPIRED',
  'CANCELLED',
  'TIMED_OUT',
]);

export const purchaseBody = closedObject({
  items: Type.Array(
    closedObject({
      sku,
      quantity: int({ minimum: 1, maximum: limits.itemPiecesMax }),
    }),
    { minItems: 1, maxItems: limits.orderItemsMax, description: 'Each sku once.' },
  ),
});

export const cancellationBody = closedObject({
  reason: Type.Optional(Type.String({ maxLength: limits.reasonCharactersMax })),
});

export const orderAccepted = closedObject({ orderId: uuid });

export const orderItem = closedObject({
  sku,
  quantity: int(),
  unitPrice: nullable(long({ description: 'Whole yen; null until stock is reserved.' })),
});

export const orderView = closedObject({
  orderId: uuid,
  userId: Type.String({ description: 'Firebase uid of the owner.' }),
  status: orderStatus,
  cancelling: Type.Boolean({ description: 'The owner asked to cancel, PayPay has not answered.' }),
  items: Type.Array(orderItem),
  totalAmount: nullable(yen),
  currency,
  failureReason: nullable(orderFailureReason),
  failureDetail: nullable(Type.String({ description: 'The reason for people.' })),
  paymentId: nullable(Type.String({ description: "PayPay's id of the payment." })),
  paidAt: nullable(instant),
  refundedAmount: long({
    description: 'Whole yen refunded of the payment that the order took, else of all.',
  }),
  refundPendingAmount: long({ description: 'Whole yen of refunds in flight.' }),
  createdAt: nullable(instant),
  updatedAt: instant,
});

export const orderList = closedObject({
  orders: Type.Array(orderView, { maxItems: limits.listRowsMax, description: 'Newest first.' }),
  next: nullable(Type.String({ description: 'Pass it as `before` for the page that follows.' })),
});

/**
 * One record of the log that concerns the order; for its owner only the topics meant for them. The
 * payload is the whole event, but for the body of a webhook, which `GET /api/topics` gives.
 */
export const timelineEntry = closedObject({
  topic: Type.String(),
  partition,
  offset,
  eventId: Type.String(),
  type: Type.String({ description: 'Name of the Avro record, such as OrderPaid.' }),
  occurredAt: instant,
  loggedAt: instant,
  payload,
});

export const timeline = closedObject({
  orderId: uuid,
  entries: Type.Array(timelineEntry, {
    maxItems: limits.timelineEntriesMax,
    description: 'The newest, by log time; those of the page that follows are older.',
  }),
  next,
});

export const timelineQuery = closedObject({ before: Type.Optional(before) });

export type PurchaseBody = Static<typeof purchaseBody>;
export type OrderAccepted = Static<typeof orderAccepted>;
export type CancellationBody = Static<typeof cancellationBody>;
export type OrderList = Static<typeof orderList>;
export type OrderView = Static<typeof orderView>;
export type OrderItem = Static<typeof orderItem>;
export type Timeline = Static<typeof timeline>;
export type TimelineEntry = Static<typeof timelineEntry>;
