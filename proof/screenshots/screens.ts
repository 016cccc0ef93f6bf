/** The pages of the dashboard and of the simulator, as whoever they are for sees them, and where each is empty. */
import type { Person } from '../../local/pipeline/demo-people';

export interface Screen {
  readonly name: string;
  readonly who: Person['role'] | 'nobody';
  readonly path: string;
  /** Which server has it; the edge where nothing is said. */
  readonly on?: 'simulator';
  /** The same page with nothing on it; undefined: there is always something. */
  readonly emptyPath?: string;
  /** What moves on it, such as a rate, is there after so long. */
  readonly movesAfterMs?: number;
}

/** Two looks at the log, 4 s apart, make a rate. */
const RATES_AFTER_MS = 5_000;

/** Three that show the product to whoever reads the README. */
export const README_SCREENS: readonly string[] = ['alert', 'order-failed', 'health'];

/** What the pages are about: made by the stories that are played before. */
export interface Subjects {
  readonly alertId: string;
  readonly failedOrderId: string;
  readonly waitingOrderId: string;
  readonly userId: string;
}

export function screensOf(subjects: Subjects): readonly Screen[] {
  const { alertId, failedOrderId, waitingOrderId, userId } = subjects;
  return [
    { name: 'sign-in', who: 'nobody', path: '/' },
    { name: 'alerts', who: 'ops', path: '/alerts', emptyPath: '/alerts?owner=nobody-at-all' },
    { name: 'alert', who: 'ops', path: `/alerts/${alertId}` },
    {
      name: 'incidents',
      who: 'ops',
      path: '/alerts?group=incident',
      emptyPath: '/alerts?group=incident&rule=RULE_F',
    },
    { name: 'orders', who: 'ops', path: '/orders' },
    { name: 'order-failed', who: 'ops', path: `/orders/${failedOrderId}` },
    { name: 'topics', who: 'ops', path: '/topics', movesAfterMs: RATES_AFTER_MS },
    {
      name: 'topic',
      who: 'ops',
      path: '/topics/orders.events.v1',
      emptyPath: '/topics/orders.events.v1?key=no-such-order',
    },
    { name: 'dead-letters', who: 'ops', path: '/dead-letters' },
    { name: 'health', who: 'ops', path: '/status', movesAfterMs: RATES_AFTER_MS },
    {
      name: 'webhooks',
      who: 'ops',
      path: '/webhook-log',
      emptyPath: '/webhook-log?verdict=FOREIGN_ORDER',
    },
    { name: 'products', who: 'ops', path: '/products' },
    {
      name: 'catalog-product',
      who: 'ops',
      path: '/products/matcha-30g',
      emptyPath: '/products/no-such',
    },
    { name: 'stock', who: 'ops', path: '/stock' },
    { name: 'sku', who: 'ops', path: '/stock/matcha-30g', emptyPath: '/stock/never-booked' },
    { name: 'limits', who: 'ops', path: '/limits' },
    { name: 'limit', who: 'ops', path: `/limits/${userId}`, emptyPath: '/limits/nobody' },
    { name: 'shop', who: 'shopper', path: '/shop', emptyPath: '/shop?query=zzzzzz' },
    { name: 'product', who: 'shopper', path: '/shop/matcha-30g', emptyPath: '/shop/no-such' },
    { name: 'my-orders', who: 'shopper', path: '/orders' },
    { name: 'order-to-pay', who: 'shopper', path: `/orders/${waitingOrderId}` },
    { name: 'simulator', who: 'nobody', on: 'simulator', path: '/' },
  ];
}
