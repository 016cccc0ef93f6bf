/**
 * Who may see what of an order. The shopper sees what the shop decided; an operator also what was
 * asked, what PayPay said word for word, and what the alerts made of it.
 */
import { accountsEvents } from '../topics/accounts';
import {
  alertsActionResults,
  alertsLifecycle,
  alertsRaised,
  alertsRequests,
} from '../topics/alerts';
import { inventoryEvents } from '../topics/inventory';
import { ordersEvents, ordersRequests } from '../topics/orders';
import {
  paymentsEvents,
  paymentsGatewayRequests,
  paymentsGatewayResults,
  paymentsNotifications,
  paymentsRequests,
} from '../topics/payments';

export type Audience = 'shopper' | 'ops';

const shopper: readonly string[] = [
  ordersEvents,
  inventoryEvents,
  accountsEvents,
  paymentsEvents,
].map(({ name }) => name);

const ops: readonly string[] = [
  ...shopper,
  ...[
    ordersRequests,
    paymentsRequests,
    paymentsNotifications,
    paymentsGatewayRequests,
    paymentsGatewayResults,
    alertsRaised,
    alertsRequests,
    alertsLifecycle,
    alertsActionResults,
  ].map(({ name }) => name),
];

/** Topics keyed by orderId, so one order lives in one partition number of all of them. */
export const orderTopics: Readonly<Record<Audience, readonly string[]>> = { shopper, ops };

/** What an operator follows over all orders. */
export const alertTopics: readonly string[] = [alertsRaised.name, alertsLifecycle.name];
