/** The changelog of every stateful app, with the state records that may stand in it. */
import { changelogOf } from './changelog';

export const ordersChangelog = changelogOf('orders', []);
export const inventoryChangelog = changelogOf('inventory', []);
export const accountsChangelog = changelogOf('accounts', []);
export const paymentsChangelog = changelogOf('payments', []);
export const alertsChangelog = changelogOf('alerts', []);
