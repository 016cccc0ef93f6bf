/** What the API gives of an order's payment. */
import { Type, type Static } from '@sinclair/typebox';
import { limits } from '../limits';
import { closedObject, currency, instant, nullable, oneOf, uuid, yen } from './fields';

/**
 * NOT_STARTED: no code was issued yet. The rest is the newest word on the attempt that counts: the
 * one that the order took, else the latest. Of one that succeeded the last three follow from its
 * refunds: what went back of what it took, and what is about to.
 */
export const paymentStatus = oneOf([
  'NOT_STARTED',
  'CODE_ISSUED',
  'SUCCEEDED',
  'FAILED',
  'EXPIRED',
  'PARTIALLY_REFUNDED',
  'REFUND_PENDING',
  'REFUNDED',
]);

export const refundView = closedObject({
  refundId: Type.String({ description: "The refund's id at PayPay, whoever asked for it." }),
  amount: yen,
  status: oneOf(['PENDING', 'COMPLETED', 'FAILED']),
  reportedStatus: nullable(Type.String({ description: "PayPay's status while it is pending." })),
  requestedHere: Type.Boolean({ description: 'False: PayPay was told from outside.' }),
  detail: nullable(Type.String()),
});

/** A payment of the order beside the one that it took. */
export const otherPayment = closedObject({
  merchantPaymentId: Type.String(),
  paymentId: nullable(Type.String()),
  status: paymentStatus,
  paidAmount: yen,
  refundedAmount: yen,
  refundPendingAmount: yen,
  refunds: Type.Array(refundView),
});

export const paymentView = closedObject({
  orderId: uuid,
  status: paymentStatus,
  merchantPaymentId: nullable(Type.String({ description: 'Our id at PayPay.' })),
  codeUrl: nullable(Type.String({ description: 'What the QR shows.' })),
  deeplink: nullable(Type.String({ description: 'Opens the PayPay app.' })),
  amount: nullable(yen),
  currency,
  expiresAt: nullable(instant),
  paymentId: nullable(Type.String({ description: "PayPay's id of the payment." })),
  paidAmount: nullable(yen),
  paidAt: nullable(instant),
  settledBy: nullable(
    oneOf(['NOTIFICATION', 'POLL', 'LAST_LOOK', 'WATCH', 'OPERATOR'], {
      description: 'What brought the success to light.',
    }),
  ),
  failureReason: nullable(oneOf(['FAILED', 'CANCELLED', 'REJECTED', 'REVERSED'])),
  failureDetail: nullable(Type.String()),
  refundedAmount: yen,
  refundPendingAmount: yen,
  refunds: Type.Array(refundView, { description: 'Of this payment, oldest first.' }),
  otherPayments: Type.Array(otherPayment, { description: 'Paid for the same order.' }),
  updatedAt: nullable(instant),
});

export type PaymentView = Static<typeof paymentView>;

export const paymentCheckBody = closedObject({
  reason: Type.String({
    minLength: 1,
    maxLength: limits.reasonCharactersMax,
    description: 'Why.',
  }),
});
export type PaymentCheckBody = Static<typeof paymentCheckBody>;
