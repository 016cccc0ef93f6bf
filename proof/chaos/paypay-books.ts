/** What the simulated PayPay knows of every payment: its journal, whose newest line counts. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { moneyOf, type Payment } from '../../simulator/payment';

/** By merchantPaymentId; `amount` is what was taken, where that is not what the code asked for. */
export async function readBooks(journal: string): Promise<ReadonlyMap<string, Payment>> {
  const books = new Map<string, Payment>();
  for await (const line of createInterface({ input: createReadStream(journal) })) {
    if (line === '') continue;
    const payment = JSON.parse(line) as Payment;
    books.set(payment.merchantPaymentId, { ...payment, amount: moneyOf(payment).amount });
  }
  return books;
}
