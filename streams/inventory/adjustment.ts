/**
 * A correction of what was booked. What is reserved or sold belongs to orders, so a correction takes
 * off available pieces only; one that asks for more is rejected whole, with the figures against it.
 *
 *   stock 500 / 380 / 120 / 0    adjust -450    rejected: 380 are available, 120 are reserved
 *                                adjust -380    120 / 0 / 120 / 0
 *   (test: "a correction never takes what is reserved")
 */
import type { EventOf } from '../../schemas/event';
import { header, type Cause } from '../../schemas/header';
import type { inventoryAdjustments } from '../../topics/inventory';
import type { EventOn } from '../../topics/topic';
import { adjust, noStock, type Stock } from './stock';

export type AdjustmentAnswer = EventOn<typeof inventoryAdjustments>;

export type AdjustmentOutcome =
  | { readonly kind: 'malformed'; readonly what: string }
  | { readonly kind: 'rejected'; readonly answer: AdjustmentAnswer }
  | { readonly kind: 'adjusted'; readonly answer: AdjustmentAnswer; readonly stock: Stock };

/** `known`: the stock as it stands; undefined: nothing was ever booked. */
export function takeAdjustment(
  known: Stock | undefined,
  request: EventOf<'StockAdjustmentRequested'>,
  cause: Cause,
): AdjustmentOutcome {
  const { sku, quantity, reason, actor, correlationId } = request;
  if (quantity === 0) return { kind: 'malformed', what: `0 pieces of ${sku}` };
  const before = known ?? noStock(sku);
  const asked = { sku, quantity, reason, actor };
  if (before.available + quantity < 0) {
    const { available, reserved } = before;
    const head = header(cause, 'StockAdjustmentRejected', correlationId);
    const figures = { available, reserved };
    return {
      kind: 'rejected',
      answer: { type: 'StockAdjustmentRejected', ...head, ...asked, ...figures },
    };
  }
  const stock = adjust(before, quantity);
  const { available, reserved } = stock;
  const head = header(cause, 'StockAdjusted', correlationId);
  return {
    kind: 'adjusted',
    stock,
    answer: { type: 'StockAdjusted', ...head, ...asked, available, reserved },
  };
}
