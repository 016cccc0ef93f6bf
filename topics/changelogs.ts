/** The changelog of every stateful app, with the state records that may stand in it. */
import { changelogOf } from '../platform/changelog';

export const ordersChangelog = changelogOf('orders', [
  'PendingOrderState',
  'WaitingOrderState',
  'PaidOrderState',
  'FailedOrderState',
]);
export const inventoryChangelog = changelogOf('inventory', [
  'StockState',
  'OfferState',
  'StockReservationState',
  'StockReceiptState',
]);
export const accountsChangelog = changelogOf('accounts', [
  'AccountState',
  'FundsHoldState',
  'LimitChangeState',
]);
export const paymentsChangelog = changelogOf('payments', [
  'PaymentState',
  'ParkedNotification',
  'ParkedCount',
  'SettlementTally',
  'WebhookSilence',
]);
export const alertsChangelog = changelogOf('alerts', [
  'OrderAlertsState',
  'ClosedOrderAlertsState',
]);
