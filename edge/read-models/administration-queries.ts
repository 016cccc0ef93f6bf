/** The stock, and what operators corrected, out of Postgres. */
import type {
  SpendingLimitChange,
  SpendingLimitHistory,
  StockAdjustmentView,
  StockHistory,
  StockLevelView,
  StockLine,
  StockList,
  StockQuery,
} from '../contract/administration';
import { limits } from '../limits';
import { BY_TIME, isBehind, nextOf, sortValuesOf } from './cursor';
import type { Query } from './database';
import { selectAccount } from './shop-queries';

/** By sku; one of the catalog of which nothing was ever booked stands there with nothing. */
export async function selectStockList(query: Query, { after }: StockQuery): Promise<StockList> {
  const lines = await query<StockLine>(
    `select sku, p.name, coalesce(s.total, 0) as total, coalesce(s.available, 0) as available,
      coalesce(s.reserved, 0) as reserved, coalesce(s.sold, 0) as sold
    from stock s full join products p using (sku)
    where $1::text is null or sku > $1
    order by sku limit $2`,
    [after ?? null, limits.listRowsMax],
  );
  const last = lines.at(-1);
  const full = lines.length === limits.listRowsMax && last !== undefined;
  return { lines: [...lines], next: full ? last.sku : null };
}

/** A row that only its outcome has begun is not shown yet. */
export async function selectStockHistory(
  query: Query,
  sku: string,
  before?: string,
): Promise<StockHistory> {
  const after = sortValuesOf(before, BY_TIME);
  const [level] = await query<StockLevelView>(
    'select sku, total, available, reserved, sold from stock where sku = $1',
    [sku],
  );
  const adjustments = await query<StockAdjustmentView>(
    `select request_id as "eventId", quantity, reason, actor, requested_at as "requestedAt",
      coalesce(status, 'REQUESTED') as status, available, reserved, decided_at as "decidedAt"
    from stock_adjustments where sku = $1 and ${isBehind('requested_at', 'request_id', 3)}
    order by requested_at desc, request_id limit $2`,
    [sku, limits.listRowsMax, ...after],
  );
  const next = nextOf(adjustments, limits.listRowsMax, (row) => [row.requestedAt, row.eventId]);
  return { level: level ?? null, adjustments: [...adjustments], next };
}

export async function selectSpendingLimitHistory(
  query: Query,
  userId: string,
  before?: string,
): Promise<SpendingLimitHistory> {
  const after = sortValuesOf(before, BY_TIME);
  const account = (await selectAccount(query, userId)) ?? null;
  const changes = await query<SpendingLimitChange>(
    `select event_id as "eventId", spending_limit as "limit", currency, reason, actor,
      changed_at as "changedAt"
    from spending_limit_changes where user_id = $1 and ${isBehind('changed_at', 'event_id', 3)}
    order by changed_at desc, event_id limit $2`,
    [userId, limits.listRowsMax, ...after],
  );
  const next = nextOf(changes, limits.listRowsMax, (row) => [row.changedAt, row.eventId]);
  return { account, changes: [...changes], next };
}
