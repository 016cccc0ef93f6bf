/** Every order that the edge has taken is there, and ended or waits for good reason. */
import type { CommittedLog } from '../simulation/checkers/committed-log';
import { orderHistories } from '../simulation/checkers/order-history';
import { alertsRaised } from '../../topics/alerts';

export interface SettledOrders {
  readonly violations: readonly string[];
  readonly orderIds: readonly string[];
  /** Orders by how they ended. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Also over a part of the log. */
export function settledOrders(log: CommittedLog): SettledOrders {
  const counts: Record<string, number> = {};
  const mismatched = new Set(
    log.on(alertsRaised).flatMap(({ event }) => (event.rule === 'RULE_E' ? [event.orderId] : [])),
  );
  const histories = orderHistories(log);
  const violations = histories.flatMap(({ orderId, status }) => {
    counts[status] = (counts[status] ?? 0) + 1;
    const waitsForWord = status === 'WAITING_PAYMENT' && mismatched.has(orderId);
    const settled = status === 'PAID' || status === 'FAILED' || waitsForWord;
    return settled ? [] : [`order ${orderId} is ${status} in the end`];
  });
  return { violations, counts, orderIds: histories.map(({ orderId }) => orderId) };
}
