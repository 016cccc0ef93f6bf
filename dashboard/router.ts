/**
 * The addresses of the page. Whoever is not signed in is asked to at the same address. All pages are
 * loaded with the first one, so that none is out of reach when the server is.
 */
import { createRouter, createWebHistory, type Router } from 'vue-router';
import LimitPage from './bookings/limit-page.vue';
import LimitsPage from './bookings/limits-page.vue';
import SkuPage from './bookings/sku-page.vue';
import StockPage from './bookings/stock-page.vue';
import AlertPage from './alerts/alert-page.vue';
import AlertsPage from './alerts/alerts-page.vue';
import HomePage from './home-page.vue';
import MissingPage from './missing-page.vue';
import OrderPage from './orders/order-page.vue';
import OrdersPage from './orders/orders-page.vue';
import ShopPage from './shop/shop-page.vue';
import WebhooksPage from './webhooks/webhooks-page.vue';

declare module 'vue-router' {
  interface RouteMeta {
    /** For the browser's tab. */
    title: string;
    /** Only for operators; the edge refuses the rest in any case. */
    ops?: true;
  }
}

export function openRouter(): Router {
  return createRouter({
    history: createWebHistory(),
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
    routes: [
      { path: '/', component: HomePage, meta: { title: 'Start' } },
      { path: '/alerts', component: AlertsPage, meta: { title: 'Alerts', ops: true } },
      {
        path: '/alerts/:alertId',
        component: AlertPage,
        props: true,
        meta: { title: 'Alert', ops: true },
      },
      { path: '/orders', component: OrdersPage, meta: { title: 'Orders' } },
      { path: '/orders/:orderId', component: OrderPage, props: true, meta: { title: 'Order' } },
      { path: '/shop', component: ShopPage, meta: { title: 'Shop' } },
      { path: '/stock', component: StockPage, meta: { title: 'Stock', ops: true } },
      {
        path: '/stock/:sku',
        component: SkuPage,
        props: true,
        meta: { title: 'Stock of a sku', ops: true },
      },
      { path: '/limits', component: LimitsPage, meta: { title: 'Spending limits', ops: true } },
      {
        path: '/limits/:userId',
        component: LimitPage,
        props: true,
        meta: { title: 'Spending limit', ops: true },
      },
      { path: '/webhook-log', component: WebhooksPage, meta: { title: 'Webhooks', ops: true } },
      { path: '/:rest(.*)*', component: MissingPage, meta: { title: 'Not found' } },
    ],
  });
}
