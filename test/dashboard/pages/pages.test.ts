/**
 * @jest-environment ./test/dashboard/pages/page-environment.cjs
 * @jest-environment-options {"customExportConditions": ["node", "require"]}
 */
import { run as runAxe } from 'axe-core';
import AlertDetail from '../../../dashboard/alerts/alert-detail.vue';
import AlertsPage from '../../../dashboard/alerts/alerts-page.vue';
import LimitPage from '../../../dashboard/bookings/limit-page.vue';
import LimitsPage from '../../../dashboard/bookings/limits-page.vue';
import SkuPage from '../../../dashboard/bookings/sku-page.vue';
import StockPage from '../../../dashboard/bookings/stock-page.vue';
import CatalogProductPage from '../../../dashboard/catalog/catalog-product-page.vue';
import ProductsPage from '../../../dashboard/catalog/products-page.vue';
import { en } from '../../../dashboard/i18n/en';
import { ja } from '../../../dashboard/i18n/ja';
import { zh } from '../../../dashboard/i18n/zh';
import { speak } from '../../../dashboard/i18n/translate';
import HealthPage from '../../../dashboard/health/health-page.vue';
import OrderPage from '../../../dashboard/orders/order-page.vue';
import OrdersPage from '../../../dashboard/orders/orders-page.vue';
import ProductPage from '../../../dashboard/shop/product-page.vue';
import ShopPage from '../../../dashboard/shop/shop-page.vue';
import DeadLettersPage from '../../../dashboard/topics/dead-letters-page.vue';
import TopicPage from '../../../dashboard/topics/topic-page.vue';
import TopicsPage from '../../../dashboard/topics/topics-page.vue';
import WebhooksPage from '../../../dashboard/webhooks/webhooks-page.vue';
import type * as openPageModule from './open-page';
import { openPage, type OpenPage } from './open-page';
import { ALERT_ID, EMPTY, FULL, GONE, ORDER_ID } from './shop-answers';

const PAGES = [
  { at: '/alerts', route: '/alerts', component: AlertsPage },
  { at: `/alerts/${ALERT_ID}`, route: '/alerts', component: AlertsPage, beside: AlertDetail },
  { at: '/alerts?group=incident', route: '/alerts', component: AlertsPage },
  { at: '/orders', route: '/orders', component: OrdersPage },
  { at: `/orders/${ORDER_ID}`, route: '/orders/:orderId', component: OrderPage },
  { at: '/topics', route: '/topics', component: TopicsPage },
  { at: '/topics/orders.events.v1', route: '/topics/:topic', component: TopicPage },
  { at: '/dead-letters', route: '/dead-letters', component: DeadLettersPage },
  { at: '/status', route: '/status', component: HealthPage },
  { at: '/webhook-log', route: '/webhook-log', component: WebhooksPage },
  { at: '/products', route: '/products', component: ProductsPage },
  { at: '/products/matcha-30g', route: '/products/:sku', component: CatalogProductPage },
  { at: '/stock', route: '/stock', component: StockPage },
  { at: '/stock/matcha-30g', route: '/stock/:sku', component: SkuPage },
  { at: '/limits', route: '/limits', component: LimitsPage },
  { at: '/limits/u-1', route: '/limits/:userId', component: LimitPage },
  { at: '/shop', route: '/shop', component: ShopPage },
  { at: '/shop/matcha-30g', route: '/shop/:sku', component: ProductPage },
];
const LANGUAGES = [
  ['en', en],
  ['ja', ja],
  ['zh', zh],
] as const;

jest.mock('../../../dashboard/live/open-socket', () => ({
  openSocket: jest.requireActual<typeof openPageModule>('./open-page').openSocket,
}));

/** Sizes never change where nothing is laid out. */
class QuietObserver {
  readonly observe = () => undefined;
  readonly unobserve = () => undefined;
  readonly disconnect = () => undefined;
}

let page: OpenPage | undefined;

beforeAll(() => {
  // What a document in memory has not got.
  window.matchMedia = () =>
    ({
      matches: false,
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    }) as unknown as MediaQueryList;
  window.scrollTo = () => undefined;
  // Of nothing but zeros a list that draws what is in sight draws nothing.
  Object.defineProperty(HTMLElement.prototype, 'offsetHeight', { value: 600 });
  Object.defineProperty(HTMLElement.prototype, 'offsetWidth', { value: 800 });
  HTMLCanvasElement.prototype.getContext = () => null;
  Object.assign(globalThis, { ResizeObserver: QuietObserver });
});

afterEach(() => {
  page?.close();
  page = undefined;
});

/** What is meant for people: without names of events, commands and records. */
function spokenText(root: HTMLElement): string {
  const copy = root.cloneNode(true) as HTMLElement;
  for (const unspoken of copy.querySelectorAll('code, pre, kbd, .type, .types')) unspoken.remove();
  return copy.textContent.replaceAll(/\s+/g, ' ');
}

describe.each(LANGUAGES)('in the language %s', (locale, texts) => {
  beforeAll(() => speak(locale, texts));

  test.each(PAGES)('$at shows what the edge has', async ({ beside, ...at }) => {
    page = await openPage(at, FULL, beside);
    expect(page.problems).toEqual([]);
    expect(page.text()).not.toMatch(/\{\w+\}|undefined|NaN|\[object/);
    if (locale !== 'en') expect(spokenText(page.root)).not.toMatch(/[a-z]+( [a-z]{2,}){3}/i);
  });
});

describe('whatever the edge has', () => {
  beforeAll(() => speak('en', en));

  test.each(PAGES)('axe finds nothing wrong on $at', async ({ beside, ...at }) => {
    page = await openPage(at, FULL, beside);
    // Colours and sizes are looked at in a real browser.
    const { violations } = await runAxe(page.root, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'],
      rules: { 'color-contrast': { enabled: false }, 'target-size': { enabled: false } },
    });
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  });

  test.each([
    ['/alerts', 'Nothing is wrong'],
    ['/alerts?group=incident', 'No incident matches'],
    ['/orders', 'No order yet'],
    ['/topics/orders.events.v1', 'No message is there'],
    ['/dead-letters', 'No record was set aside'],
    ['/status', 'No alert was raised'],
    ['/webhook-log', 'No webhook has come in yet'],
    ['/products', 'No product is in the catalog'],
    ['/stock', 'Nothing is in the catalog'],
    ['/shop', 'Nothing is for sale yet'],
    ['/shop/matcha-30g', 'No such product is for sale'],
  ])('%s says that there is nothing: %s', async (at, words) => {
    const found = PAGES.find((each) => each.at === at);
    if (found === undefined) throw new Error(`no page ${at}`);
    page = await openPage(found, EMPTY);
    expect(page.problems).toEqual([]);
    expect(page.text()).toContain(words);
  });

  test.each(['owner=somebody-else', 'severity=P2', 'rule=RULE_A'])(
    'alerts that a filter hides are not nothing: %s',
    async (query) => {
      const at = { at: `/alerts?${query}`, route: '/alerts', component: AlertsPage };
      page = await openPage(at, FULL);
      expect(page.text()).toContain('No alert matches the filter');
      expect(page.text()).not.toContain('Nothing is wrong');
    },
  );

  test.each(PAGES.filter(({ at }) => at !== '/limits'))(
    '$at never looks empty when the edge is gone',
    async ({ beside, ...at }) => {
      page = await openPage(at, GONE, beside);
      expect(page.problems).toEqual([]);
      expect(page.text()).toMatch(/does not answer|Reading|Looking/);
      expect(page.text()).not.toMatch(/Nothing is wrong|No order yet|No webhook|for sale yet/);
    },
  );
});
