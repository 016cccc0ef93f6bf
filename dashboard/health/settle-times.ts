/**
 * How soon a payment was the order's, and what brought it to light, from the newest records of the log.
 * Pure.
 *
 *   PaymentNotificationReceived 10:00:00.000 ── OrderPaid 10:00:00.042   42 ms
 *   PaymentNotificationReceived 10:00:00.000, again 10:00:00.100         the first counts
 *   no notification, OrderPaid                                          found by asking PayPay: no time
 *   (test: "the first webhook of an order counts")
 */
import type { TopicMessage } from '../../edge/contract/api-types';

export interface SettleTimes {
  /** Ms from webhook to OrderPaid, ascending; of orders whose both records are among the newest. */
  readonly times: readonly number[];
  /** Payments whose success is among the newest records. */
  readonly payments: number;
  /** Of those, how many no webhook brought to light. */
  readonly polled: number;
}

export function settleTimesOf(messages: readonly TopicMessage[]): SettleTimes {
  const notified = new Map<string, number>();
  const paid = new Map<string, number>();
  let payments = 0;
  let polled = 0;
  for (const { type, key, loggedAt, payload } of messages) {
    const orderId = key ?? '';
    if (type === 'PaymentNotificationReceived') {
      notified.set(orderId, Math.min(loggedAt, notified.get(orderId) ?? Infinity));
    } else if (type === 'OrderPaid') {
      paid.set(orderId, loggedAt);
    } else if (type === 'PaymentSucceeded') {
      payments += 1;
      if (payload?.['settledBy'] !== 'NOTIFICATION') polled += 1;
    }
  }
  const times = [...paid].flatMap(([orderId, at]) => {
    const since = notified.get(orderId);
    return since === undefined || since > at ? [] : [at - since];
  });
  return { times: times.sort((a, b) => a - b), payments, polled };
}

/** `share` from 0 to 1; undefined where there is nothing. */
export function percentile(ascending: readonly number[], share: number): number | undefined {
  return ascending[Math.max(0, Math.ceil(ascending.length * share) - 1)];
}
