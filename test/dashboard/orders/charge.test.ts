import { afterRefundOf, chargeOf } from '../../../dashboard/orders/charge';

const payment = { paidAmount: 1_200, refundedAmount: 200, refundPendingAmount: 0 };
const other = {
  ...{ merchantPaymentId: 'o-2', paymentId: 'p-2', status: 'SUCCEEDED' as const, refunds: [] },
  ...{ paidAmount: 1_200, refundedAmount: 0, refundPendingAmount: 300 },
};

test('a charge is over all payments of the order', () => {
  expect(chargeOf({ ...payment, otherPayments: [other] })).toEqual({
    ...{ taken: 2_400, refunded: 200, inFlight: 300, kept: 1_900 },
  });
});

test('a payment that was not made is nothing taken', () => {
  const none = { paidAmount: null, refundedAmount: 0, refundPendingAmount: 0, otherPayments: [] };
  expect(chargeOf(none)).toEqual({ taken: 0, refunded: 0, inFlight: 0, kept: 0 });
});

test('a refund is in flight first, and never more than is kept', () => {
  const before = chargeOf({ ...payment, otherPayments: [] });
  expect(afterRefundOf(before, 500)).toMatchObject({ inFlight: 500, kept: 500 });
  expect(afterRefundOf(before, 9_999)).toMatchObject({ inFlight: 1_000, kept: 0 });
});
