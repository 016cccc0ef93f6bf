/** What operators corrected, out of Postgres. */
import type {
  SpendingLimitChange,
  SpendingLimitHistory,
  StockAdjustmentView,
  StockHistory,
  StockLevelView,
} from '../contract/administration';
import { limits } from '../limits';
import type { Query } from './database';
import { selectAccount } from './shop-queries';

/** A row that only its outcome has begun is not shown yet. */
export async function selectStockHistory(query: Query, sku: string): Promise<StockHistory> {
  const [level] = await query<StockLevelView>(
    'select sku, total, available, reserved, sold from stock where sku = $1',
    [sku],
  );
  const adjustments = await query<StockAdjustmentView>(
    `select request_id as "eventId", quantity, reason, actor, requested_at as "requestedAt",
      coalesce(status, 'REQUESTED') as status, available, reserved, decided_at as "decidedAt"
    from stock_adjustments where sku = $1 order by requested_at desc, request_id limit $2`,
    [sku, limits.listRowsMax],
  );
  return { level: level ?? null, adjustments: [...adjustments] };
}

export async function selectSpendingLimitHistory(
  query: Query,
  userId: string,
): Promise<SpendingLimitHistory> {
  const account = (await selectAccount(query, userId)) ?? null;
  const changes = await query<SpendingLimitChange>(
    `select event_id as "eventId", spending_limit as "limit", currency, reason, actor,
      changed_at as "changedAt"
    from spending_limit_changes where user_id = $1 order by changed_at desc, event_id limit $2`,
    [userId, limits.listRowsMax],
  );
  return { account, changes: [...changes] };
}
