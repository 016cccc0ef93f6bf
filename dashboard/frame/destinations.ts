/** Where one can go, in groups; what only operators may open is there for them alone. */
import type { TextKey } from '../i18n/catalogue';
import type { IconName } from '../parts/icon-paths';

export interface Destination {
  readonly path: string;
  readonly text: TextKey;
  readonly icon: IconName;
}

export interface DestinationGroup {
  readonly text: TextKey;
  readonly destinations: readonly Destination[];
}

const SHOP: Destination = { path: '/shop', text: 'frame.nav.shop', icon: 'shop' };

const FOR_OPERATORS: readonly DestinationGroup[] = [
  {
    text: 'frame.groups.operate',
    destinations: [
      { path: '/alerts', text: 'frame.nav.alerts', icon: 'alert' },
      { path: '/orders', text: 'frame.nav.orders', icon: 'order' },
      { path: '/topics', text: 'frame.nav.topics', icon: 'topic' },
      { path: '/status', text: 'frame.nav.health', icon: 'health' },
      { path: '/webhook-log', text: 'frame.nav.webhooks', icon: 'webhook' },
    ],
  },
  {
    text: 'frame.groups.books',
    destinations: [
      { path: '/products', text: 'frame.nav.products', icon: 'product' },
      { path: '/stock', text: 'frame.nav.stock', icon: 'stock' },
      { path: '/limits', text: 'frame.nav.limits', icon: 'limit' },
    ],
  },
  { text: 'frame.groups.shop', destinations: [SHOP] },
];

const FOR_SHOPPERS: readonly DestinationGroup[] = [
  {
    text: 'frame.groups.shop',
    destinations: [SHOP, { path: '/orders', text: 'frame.nav.myOrders', icon: 'order' }],
  },
];

export function destinationsFor(isOperator: boolean): readonly DestinationGroup[] {
  return isOperator ? FOR_OPERATORS : FOR_SHOPPERS;
}

/** An alert belongs to the alerts, an order to the orders. */
export function isUnder(path: string, current: string): boolean {
  return current === path || current.startsWith(`${path}/`);
}
