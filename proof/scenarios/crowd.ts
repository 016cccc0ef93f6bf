/**
 * Many orders at once: shoppers with limits that do not bind, and enough in stock for all of them.
 * Placed over HTTP as any other.
 */
import { orderIdOf } from '../../schemas/event-id';
import type { EdgeClient } from './edge-client';
import type { World } from './world';

export interface CrowdOptions {
  /** Tells the crowd's people and keys from those of others. */
  readonly name: string;
  /** The most that it will order. */
  readonly orders: number;
}

/** Orders of one shopper follow each other on one partition; enough people spread them over all. */
const ORDERS_PER_SHOPPER = 100;
const LIMIT_YEN = 1_000_000;
/** Spread over products, because one product's stock is one key. */
const SKUS = ['matcha-30g', 'chasen', 'hojicha-100g'] as const;
/** As many requests as the edge has in flight for the crowd. */
export const CROWD_AT_ONCE = 50;

export class Crowd {
  private placed = 0;

  private constructor(
    private readonly world: World,
    private readonly options: CrowdOptions,
    private readonly shoppers: readonly Shopper[],
  ) {}

  static async open(world: World, options: CrowdOptions): Promise<Crowd> {
    const { name, orders } = options;
    for (const sku of SKUS) {
      const delivery = { sku, quantity: Math.ceil(orders / SKUS.length) };
      await world.ops.bookDelivery(delivery, `${name}-${sku}-${world.run}`);
    }
    const count = Math.ceil(orders / ORDERS_PER_SHOPPER);
    const shoppers: Shopper[] = [];
    await inParallel(count, async (index) => {
      const { edge, userId } = await world.newShopper(`${name}-${String(index)}`);
      const limit = { userId, limit: LIMIT_YEN };
      await world.ops.setSpendingLimit(limit, `${name}-${userId}`);
      shoppers.push({ userId, edge });
    });
    return new Crowd(world, options, shoppers);
  }

  /** Resolves to the order's id once Kafka has it. */
  place(): Promise<string> {
    return this.next().place();
  }

  /** An order that is not placed yet: its id is known before. */
  next(): CrowdOrder {
    const index = this.placed;
    this.placed += 1;
    const shopper = this.shoppers[index % this.shoppers.length];
    const sku = SKUS[index % SKUS.length];
    if (shopper === undefined || sku === undefined) throw new Error('the crowd is empty');
    const { edge, userId } = shopper;
    const key = `${this.options.name}-${this.world.run}-${String(index)}`;
    const orderId = orderIdOf(userId, key);
    return {
      orderId,
      place: () => edge.placeOrder([{ sku, quantity: 1 }], key),
      cancel: (reason) => edge.cancel(orderId, reason),
    };
  }
}

interface Shopper {
  readonly userId: string;
  readonly edge: EdgeClient;
}

export interface CrowdOrder {
  readonly orderId: string;
  /** May be retried: it is one order. Rejects as the edge's client does. */
  place(): Promise<string>;
  cancel(reason: string): Promise<unknown>;
}

/** Does `count` things, as many at a time as the crowd may. */
export async function inParallel(
  count: number,
  act: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const index = next;
      next += 1;
      await act(index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, CROWD_AT_ONCE) }, worker));
}
