/** Pieces by sku and money by user that orders come to, by how they ended; parts of a log add up. */
import { ordersEvents } from '../../../topics/orders';
import type { CommittedLog } from './committed-log';
import { orderHistories, type OrderStatus } from './order-history';

export class OrderTotals {
  private readonly byName = new Map<string, number>();

  /** All that is about some orders; no order may be in two of them. */
  add(log: CommittedLog): this {
    const owners = new Map(
      log
        .on(ordersEvents)
        .flatMap(({ event }) =>
          event.type === 'OrderCreated' ? [[event.orderId, event.userId] as const] : [],
        ),
    );
    for (const { orderId, status, items, totalAmount, isRolledBack } of orderHistories(log)) {
      if (isRolledBack) continue;
      for (const { sku, quantity } of items) this.count(`pieces ${sku} ${status}`, quantity);
      this.count(`amount ${owners.get(orderId) ?? ''} ${status}`, totalAmount ?? 0);
    }
    return this;
  }

  pieces(sku: string, status: OrderStatus): number {
    return this.byName.get(`pieces ${sku} ${status}`) ?? 0;
  }

  /** Whole yen. */
  amount(userId: string, status: OrderStatus): number {
    return this.byName.get(`amount ${userId} ${status}`) ?? 0;
  }

  private count(name: string, more: number): void {
    this.byName.set(name, (this.byName.get(name) ?? 0) + more);
  }
}
