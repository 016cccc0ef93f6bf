/**
 * No piece and no yen comes or goes: the last level of every sku and the last balance of every user
 * are what the orders' ends come to.
 */
import { accountsBalances, accountsRequests } from '../../../topics/accounts';
import {
  inventoryAdjustments,
  inventoryLevels,
  inventoryRequests,
} from '../../../topics/inventory';
import { grouped, type CommittedLog } from './committed-log';
import { OrderTotals } from './order-totals';
import { expectEqual } from './order-history';

/**
 * `log`: all that is about stock and accounts rather than about an order. `totals`: of all orders;
 * those of the log unless they were summed from its parts.
 */
export function checkConservation(
  log: CommittedLog,
  { defaultLimitAmount }: { readonly defaultLimitAmount: number },
  totals: OrderTotals = new OrderTotals().add(log),
): readonly string[] {
  return [...checkStock(log, totals), ...checkFunds(log, totals, defaultLimitAmount)];
}

function checkStock(log: CommittedLog, totals: OrderTotals): readonly string[] {
  const receipts = log
    .on(inventoryRequests)
    .flatMap(({ event }) => (event.type === 'StockReceived' ? [event] : []));
  const corrections = log
    .on(inventoryAdjustments)
    .flatMap(({ event }) => (event.type === 'StockAdjusted' ? [event] : []));
  const levels = grouped(
    log.on(inventoryLevels).map(({ event }) => event),
    ({ sku }) => sku,
  );
  const booked = grouped([...receipts, ...corrections], ({ sku }) => sku);
  return [...booked].flatMap(([sku, all]) => {
    const once = new Map(all.map(({ eventId, quantity }) => [eventId, quantity]));
    const total = sum([...once.values()]);
    const level = levels.get(sku)?.at(-1);
    const reserved = totals.pieces(sku, 'WAITING_PAYMENT');
    const sold = totals.pieces(sku, 'PAID');
    return [
      ...expectEqual(`total of ${sku}`, level?.total ?? 0, total),
      ...expectEqual(`reserved of ${sku}`, level?.reserved ?? 0, reserved),
      ...expectEqual(`sold of ${sku}`, level?.sold ?? 0, sold),
      ...expectEqual(`available of ${sku}`, level?.available ?? 0, total - reserved - sold),
    ];
  });
}

function checkFunds(
  log: CommittedLog,
  totals: OrderTotals,
  defaultLimitAmount: number,
): readonly string[] {
  const balances = log.on(accountsBalances).map(({ event }) => event);
  const limits = lastLimits(log);
  return [...grouped(balances, ({ userId }) => userId)].flatMap(([userId, own]) => {
    const balance = own.at(-1);
    if (balance === undefined) return [];
    const { limit, available, held, used } = balance;
    return [
      ...expectEqual(`limit of ${userId}`, limit, limits.get(userId) ?? defaultLimitAmount),
      ...expectEqual(`held of ${userId}`, held, totals.amount(userId, 'WAITING_PAYMENT')),
      ...expectEqual(`used of ${userId}`, used, totals.amount(userId, 'PAID')),
      ...expectEqual(`available of ${userId}`, available, limit - held - used),
    ];
  });
}

/** By user. A change that was written twice counts where it stands first. */
function lastLimits(log: CommittedLog): ReadonlyMap<string, number> {
  const limits = new Map<string, number>();
  const seen = new Set<string>();
  for (const { event } of log.on(accountsRequests)) {
    if (event.type !== 'SpendingLimitChanged' || seen.has(event.eventId)) continue;
    seen.add(event.eventId);
    limits.set(event.userId, event.limit);
  }
  return limits;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
