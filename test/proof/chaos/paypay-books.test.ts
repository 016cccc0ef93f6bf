import { asLastSeen } from '../../../proof/chaos/paypay-books';
import { CommittedLog } from '../../../proof/simulation/checkers/committed-log';
import { Codec } from '../../../platform/avro/codec';
import { recordTypes } from '../../../schemas/avro-types';
import type { EventOf } from '../../../schemas/event';
import { movePayment, newPayment, type Move, type Payment } from '../../../simulator/payment';
import { paymentsGatewayResults } from '../../../topics/payments';

const ID = 'o1-1';
const codec = Codec.local(recordTypes, [paymentsGatewayResults]);

/** Paid at 0, with refunds of a yen at their times. */
function paid(refunds: Readonly<Record<string, number>>): Payment {
  const code = { merchantPaymentId: ID, paymentId: 'p', codeId: 'c', amount: 100, description: '' };
  const moves: [Move, number][] = [
    [{ kind: 'pay' }, 0],
    ...Object.entries(refunds).map(([merchantRefundId, at]): [Move, number] => [
      {
        ...{ kind: 'refund', merchantRefundId, amount: 1, reason: '' },
        ...{ delayMs: 0, fails: false },
      },
      at,
    ]),
  ];
  return moves.reduce<Payment>(
    (payment, [move, at]) => {
      const moved = movePayment(payment, move, at);
      if (moved.kind === 'illegal') throw new Error(moved.message);
      return moved.payment;
    },
    newPayment({ ...code, isAuthorization: false, createdAt: 0, expiresAt: 1_000 }),
  );
}

/** The shop has asked PayPay at these times. */
function asked(...times: readonly number[]): CommittedLog {
  const records = times.map((observedAt, offset) => {
    const event: EventOf<'PaymentStatusObserved'> = {
      type: 'PaymentStatusObserved',
      ...{ eventId: `e${String(offset)}`, orderId: 'o1', occurredAt: observedAt },
      ...{ causationId: 'c', correlationId: 'o1', merchantPaymentId: ID, attempt: 1 },
      ...{ purpose: 'WATCH', status: 'COMPLETED', paymentId: 'p', amount: 100, currency: 'JPY' },
      ...{ paidAt: 0, refundedAmount: 0, observedAt, refunds: [] },
    };
    const value = codec.encode(paymentsGatewayResults.name, event);
    const place = { topic: paymentsGatewayResults.name, partition: 0 };
    return { ...place, offset, timestamp: observedAt, key: null, value, headers: {} };
  });
  return new CommittedLog(new Map([[paymentsGatewayResults.name, records]]), codec);
}

function refundsAskedFor(payment: Payment, log: CommittedLog): readonly string[] {
  const [seen] = asLastSeen(new Map([[ID, payment]]), log).values();
  return (seen?.refunds ?? []).map(({ merchantRefundId }) => merchantRefundId);
}

test('what PayPay did after the last look of the schedule is not asked for', () => {
  const payment = paid({ 'outside-1': 33_000, 'outside-2': 255_001 });
  expect(refundsAskedFor(payment, asked(100, 30_000, 255_000))).toEqual(['outside-1']);
});

test('a shop that looks less than it promised is asked for all of it', () => {
  const payment = paid({ 'outside-1': 45_000 });
  expect(refundsAskedFor(payment, asked(100, 30_000))).toEqual(['outside-1']);
});

test('what the shop itself had refunded is always asked for', () => {
  const payment = paid({ 'refund-of-the-shop': 70_000 });
  expect(refundsAskedFor(payment, asked(60_000))).toEqual(['refund-of-the-shop']);
});
