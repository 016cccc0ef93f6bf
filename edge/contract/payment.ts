/** What the API gives of an order's payment. */
import { Type, type Static } from '@sinclair/typebox';
import { closedObject, currency, instant, nullable, oneOf, uuid, yen } from './fields';

/**
 * NOT_STARTED: no code was issued yet. The rest is the newest word on the attempt that counts: the
 * one that was paid, else the latest.
 */
export const paymentStatus = oneOf([
  'NOT_STARTED',
  'CODE_ISSUED',
  'SUCCEEDED',
  'FAILED',
  'EXPIRED',
  'REFUNDED',
]);

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
  updatedAt: nullable(instant),
});

export type PaymentView = Static<typeof paymentView>;
