/**
 * What the simulated PayPay knows of every payment: its journal, whose newest line counts; and as much
 * of it as a shop can know, which looks at a payment that it has for a limited time.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { isOutsideRefund } from '../../simulator/identifier';
import { moneyOf, type Payment } from '../../simulator/payment';
import { paymentsGatewayResults } from '../../topics/payments';
import type { CommittedLog } from '../simulation/checkers/committed-log';

/** After a success; the second look finds what PayPay did after the first. */
export const WATCH_AFTER_MS: readonly number[] = [30_000, 60_000];

type Books = ReadonlyMap<string, Payment>;

/** By merchantPaymentId; `amount` is what was taken, where that is not what the code asked for. */
export async function readBooks(journal: string): Promise<Books> {
  const books = new Map<string, Payment>();
  for await (const line of createInterface({ input: createReadStream(journal) })) {
    if (line === '') continue;
    const payment = JSON.parse(line) as Payment;
    books.set(payment.merchantPaymentId, { ...payment, amount: moneyOf(payment).amount });
  }
  return books;
}

/**
 * Without the refunds at PayPay's own console after the last look of a shop that has looked as long as
 * it promised. On a machine that is far behind, the last look may be minutes late and the refund
 * later still: nobody can have heard of it.
 *
 *   watched for 60 s; s   0  paid    60  last look (or late: 255)    256  refunded: left out
 *                         0  paid    30  looked, and no more         45   refunded: must be told
 *   (test: "what PayPay did after the last look of the schedule is not asked for")
 */
export function asLastSeen(books: Books, log: CommittedLog): Books {
  const askedAt = new Map<string, number>();
  for (const { event } of log.on(paymentsGatewayResults)) {
    if (event.type !== 'PaymentStatusObserved') continue;
    const { merchantPaymentId, observedAt } = event;
    askedAt.set(merchantPaymentId, Math.max(observedAt, askedAt.get(merchantPaymentId) ?? 0));
  }
  return new Map([...books].map(([id, payment]) => [id, untilSeen(payment, askedAt.get(id) ?? 0)]));
}

function untilSeen(payment: Payment, askedAt: number): Payment {
  const { charge, refunds } = payment;
  if (charge.kind !== 'paid' || askedAt < charge.paidAt + Math.max(...WATCH_AFTER_MS)) {
    return payment;
  }
  return {
    ...payment,
    refunds: refunds.filter(
      ({ acceptedAt, merchantRefundId }) =>
        acceptedAt <= askedAt || !isOutsideRefund(merchantRefundId),
    ),
  };
}
