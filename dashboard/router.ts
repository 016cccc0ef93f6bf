/**
 * The addresses of the page. Whoever is not signed in is asked to at the same address. Each page is
 * loaded when it is first opened, and the others when the browser has nothing else to do, so that
 * none is out of reach when the server is.
 */
import { createRouter, createWebHistory, type RouteRecordRaw, type Router } from 'vue-router';
import HomePage from './frame/home-page.vue';
import MissingPage from './frame/missing-page.vue';
import type { TextKey } from './i18n/catalogue';

declare module 'vue-router' {
  interface RouteMeta {
    /** For the browser's tab. */
    title: TextKey;
    /** Only for operators; the edge refuses the rest in any case. */
    ops?: true;
    /** The page stays when another of its alerts is opened beside it. */
    keeps?: true;
  }
}

const PAGES = {
  alerts: () => import('./alerts/alerts-page.vue'),
  alert: () => import('./alerts/alert-detail.vue'),
  orders: () => import('./orders/orders-page.vue'),
  order: () => import('./orders/order-page.vue'),
  shop: () => import('./shop/shop-page.vue'),
  product: () => import('./shop/product-page.vue'),
  catalog: () => import('./catalog/products-page.vue'),
  catalogProduct: () => import('./catalog/catalog-product-page.vue'),
  stock: () => import('./bookings/stock-page.vue'),
  sku: () => import('./bookings/sku-page.vue'),
  limits: () => import('./bookings/limits-page.vue'),
  limit: () => import('./bookings/limit-page.vue'),
  topics: () => import('./topics/topics-page.vue'),
  topic: () => import('./topics/topic-page.vue'),
  deadLetters: () => import('./topics/dead-letters-page.vue'),
  health: () => import('./health/health-page.vue'),
  webhooks: () => import('./webhooks/webhooks-page.vue'),
} as const;

const ROUTES: readonly RouteRecordRaw[] = [
  { path: '/', component: HomePage, meta: { title: 'frame.titles.start' } },
  {
    path: '/alerts',
    component: PAGES.alerts,
    meta: { title: 'frame.nav.alerts', ops: true, keeps: true },
    children: [
      {
        path: ':alertId',
        component: PAGES.alert,
        props: true,
        meta: { title: 'frame.titles.alert', ops: true, keeps: true },
      },
    ],
  },
  { path: '/orders', component: PAGES.orders, meta: { title: 'frame.nav.orders' } },
  {
    path: '/orders/:orderId',
    component: PAGES.order,
    props: true,
    meta: { title: 'frame.titles.order' },
  },
  { path: '/shop', component: PAGES.shop, meta: { title: 'frame.nav.shop' } },
  {
    path: '/shop/:sku',
    component: PAGES.product,
    props: true,
    meta: { title: 'frame.titles.product' },
  },
  { path: '/products', component: PAGES.catalog, meta: { title: 'frame.nav.products', ops: true } },
  {
    path: '/products/:sku',
    component: PAGES.catalogProduct,
    props: true,
    meta: { title: 'frame.titles.catalogProduct', ops: true },
  },
  { path: '/stock', component: PAGES.stock, meta: { title: 'frame.nav.stock', ops: true } },
  {
    path: '/stock/:sku',
    component: PAGES.sku,
    props: true,
    meta: { title: 'frame.titles.sku', ops: true },
  },
  { path: '/limits', component: PAGES.limits, meta: { title: 'frame.titles.limits', ops: true } },
  {
    path: '/limits/:userId',
    component: PAGES.limit,
    props: true,
    meta: { title: 'frame.titles.limit', ops: true },
  },
  { path: '/topics', component: PAGES.topics, meta: { title: 'frame.nav.topics', ops: true } },
  {
    path: '/topics/:topic',
    component: PAGES.topic,
    props: true,
    meta: { title: 'frame.titles.topic', ops: true },
  },
  {
    path: '/dead-letters',
    component: PAGES.deadLetters,
    meta: { title: 'frame.titles.deadLetters', ops: true },
  },
  // Not /health: that is the edge's own.
  { path: '/status', component: PAGES.health, meta: { title: 'frame.nav.health', ops: true } },
  {
    path: '/webhook-log',
    component: PAGES.webhooks,
    meta: { title: 'frame.nav.webhooks', ops: true },
  },
  { path: '/:rest(.*)*', component: MissingPage, meta: { title: 'frame.titles.missing' } },
];

export function openRouter(): Router {
  return createRouter({
    history: createWebHistory(),
    scrollBehavior: (to, from, saved) =>
      saved ?? (to.meta.keeps === true && from.meta.keeps === true ? false : { top: 0 }),
    routes: [...ROUTES],
  });
}

/** Fetches every page; one that fails now is fetched again when it is opened. */
export function fetchPages(isOperator: boolean): void {
  const pages = isOperator
    ? Object.values(PAGES)
    : [PAGES.shop, PAGES.product, PAGES.orders, PAGES.order];
  const fetchAll = (): void => {
    for (const page of pages) page().catch(() => undefined);
  };
  if ('requestIdleCallback' in window) window.requestIdleCallback(fetchAll);
  else setTimeout(fetchAll);
}
