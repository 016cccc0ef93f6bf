/** What operators corrected, out of Postgres. */
import type { StockAdjustmentView, StockHistory, StockLevelView } from '../contract/administration';
import { limits } from '../limits';
import type { Query } from './database';

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
