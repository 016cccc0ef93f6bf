/** Which topics each process reads and writes, out of what the processes themselves declare. */
import { WRITTEN_BY_EDGE } from '../edge/log/log-connection';
import { accountsDefaults } from '../streams/accounts/settings';
import { accountsApp } from '../streams/accounts/topology';
import { alertsDefaults } from '../streams/alerts/settings';
import { alertsApp } from '../streams/alerts/topology';
import { gatewayTopics } from '../streams/gateway/gateway-topics';
import { inventoryDefaults } from '../streams/inventory/settings';
import { inventoryApp } from '../streams/inventory/topology';
import { ordersDefaults } from '../streams/orders/settings';
import { ordersApp } from '../streams/orders/topology';
import { paymentsDefaults } from '../streams/payments/settings';
import { paymentsApp } from '../streams/payments/topology';
import { allProjections } from '../streams/views/projections/all-projections';

interface Named {
  readonly name: string;
}

export interface ProcessTopics {
  /** Of an app it is also its consumer group's, and begins its transactional ids. */
  readonly name: string;
  readonly inputs: readonly Named[];
  readonly outputs: readonly Named[];
  /** Read and written; only of apps with state. */
  readonly changelog?: Named;
}

const { requests, results, conditions } = gatewayTopics;

export const processes: readonly ProcessTopics[] = [
  ordersApp(ordersDefaults),
  inventoryApp(inventoryDefaults),
  accountsApp(accountsDefaults),
  paymentsApp(paymentsDefaults),
  alertsApp(alertsDefaults),
  { name: 'gateway', inputs: [requests], outputs: [results, conditions] },
  { name: 'edge', inputs: [], outputs: WRITTEN_BY_EDGE },
  { name: 'views', inputs: allProjections.map(({ topic }) => topic), outputs: [] },
];
