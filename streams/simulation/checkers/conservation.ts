/**
 * No piece and no yen comes or goes: the last level of every sku and the last balance of every user
 * are what the orders' ends come to.
 */
import { accountsBalances, accountsRequests } from '../../../topics/accounts';
import { inventoryLevels, inventoryRequests } from '../../../topics/inventory';
import { ordersEvents } from '../../../topics/orders';
import { simulationSettings } from '../settings';
import { grouped, type CommittedLog } from './committed-log';
import { expectEqual, orderHistories, type OrderHistory } from './order-history';

export function checkConservation(log: CommittedLog): readonly string[] {
  const histories = orderHistories(log);
  return [...checkStock(log, histories), ...checkFunds(log, histories)];
}

function checkStock(log: CommittedLog, histories: readonly OrderHistory[]): readonly string[] {
  const receipts = log
    .on(inventoryRequests)
    .flatMap(({ event }) => (event.type === 'StockReceived' ? [event] : []));
  return [...grouped(receipts, ({ sku }) => sku)].flatMap(([sku, all]) => {
    const once = new Map(all.map((receipt) => [receipt.eventId, receipt.quantity]));
    const total = sum([...once.values()]);
    const piecesOf = (status: OrderHistory['status']) =>
      sum(
        histories
          .filter((history) => history.status === status && !history.isRolledBack)
          .flatMap(({ items }) => items.filter((item) => item.sku === sku))
          .map(({ quantity }) => quantity),
      );
    const level = log
      .on(inventoryLevels)
      .map(({ event }) => event)
      .findLast((event) => event.sku === sku);
    const reserved = piecesOf('WAITING_PAYMENT');
    const sold = piecesOf('PAID');
    return [
      ...expectEqual(`total of ${sku}`, level?.total ?? 0, total),
      ...expectEqual(`reserved of ${sku}`, level?.reserved ?? 0, reserved),
      ...expectEqual(`sold of ${sku}`, level?.sold ?? 0, sold),
      ...expectEqual(`available of ${sku}`, level?.available ?? 0, total - reserved - sold),
    ];
  });
}

function checkFunds(log: CommittedLog, histories: readonly OrderHistory[]): readonly string[] {
  const owners = new Map(
    log
      .on(ordersEvents)
      .flatMap(({ event }) =>
        event.type === 'OrderCreated' ? [[event.orderId, event.userId] as const] : [],
      ),
  );
  const balances = log.on(accountsBalances).map(({ event }) => event);
  return [...grouped(balances, ({ userId }) => userId)].flatMap(([userId, own]) => {
    const amountOf = (status: OrderHistory['status']) =>
      sum(
        histories
          .filter((each) => each.status === status && !each.isRolledBack)
          .filter((each) => owners.get(each.orderId) === userId)
          .map(({ totalAmount }) => totalAmount ?? 0),
      );
    const balance = own.at(-1);
    if (balance === undefined) return [];
    const { limit, available, held, used } = balance;
    return [
      ...expectEqual(`limit of ${userId}`, limit, lastLimit(log, userId)),
      ...expectEqual(`held of ${userId}`, held, amountOf('WAITING_PAYMENT')),
      ...expectEqual(`used of ${userId}`, used, amountOf('PAID')),
      ...expectEqual(`available of ${userId}`, available, limit - held - used),
    ];
  });
}

/** A change that was written twice counts where it stands first. */
function lastLimit(log: CommittedLog, userId: string): number {
  const changes = log
    .on(accountsRequests)
    .flatMap(({ event }) =>
      event.type === 'SpendingLimitChanged' && event.userId === userId ? [event] : [],
    );
  const firsts = new Map<string, number>();
  for (const { eventId, limit } of changes) {
    if (!firsts.has(eventId)) firsts.set(eventId, limit);
  }
  return [...firsts.values()].at(-1) ?? simulationSettings.accounts.defaultLimitAmount;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
