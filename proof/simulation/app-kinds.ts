/** The production apps, and how each starts on the ports of one simulated process. */
import type { Codec } from '../../platform/avro/codec';
import { deadLetters } from '../../topics/dead-letters';
import { accountsApp } from '../../streams/accounts/topology';
import { alertsApp } from '../../streams/alerts/topology';
import { startGateway } from '../../streams/gateway/gateway';
import type { PayPayClient } from '../../streams/gateway/paypay/client';
import { inventoryApp } from '../../streams/inventory/topology';
import { ordersApp } from '../../streams/orders/topology';
import { paymentsApp } from '../../streams/payments/topology';
import type { StreamApp } from '../../streams/runtime/app';
import type { Broker } from '../../streams/runtime/broker';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../streams/runtime/logger';
import type { RunningApp } from '../../streams/runtime/running-app';
import type { Stores } from '../../streams/runtime/store/store';
import { Worker } from '../../streams/runtime/worker';
import type { ViewDatabase } from '../../streams/views/view-store';
import { startViewsOn } from '../../streams/views/views';
import { CLOCK_SLACK_MS, SESSION_TIMEOUT_MS, simulationSettings } from './settings';

/** Everything that a process has of the world. */
export interface Ports {
  readonly broker: Broker;
  readonly stores: Stores;
  readonly clock: Clock;
  readonly codec: Codec;
  readonly logger: Logger;
  readonly paypay: PayPayClient;
  readonly database: ViewDatabase;
  /** Names the file that keeps the member id over a restart. */
  readonly memberIdFile: string;
}

export interface AppKind {
  readonly name: string;
  start(ports: Ports): Promise<RunningApp>;
}

export const streamApps: readonly StreamApp[] = [
  ordersApp(simulationSettings.orders),
  inventoryApp(simulationSettings.inventory),
  accountsApp(simulationSettings.accounts),
  paymentsApp(simulationSettings.payments),
  alertsApp(simulationSettings.alerts),
];

export function appKinds(apps: readonly StreamApp[]): readonly AppKind[] {
  return [...apps.map(streamKind), gatewayKind, viewsKind];
}

function streamKind(app: StreamApp): AppKind {
  return {
    name: app.name,
    start: (ports) =>
      Worker.start({
        ...ports,
        app,
        deadLetters,
        sessionTimeoutMs: SESSION_TIMEOUT_MS,
        clockSlackMs: CLOCK_SLACK_MS,
      }),
  };
}

const gatewayKind: AppKind = {
  name: 'gateway',
  start: (ports) =>
    startGateway({
      ...ports,
      settings: simulationSettings.gateway,
      sessionTimeoutMs: SESSION_TIMEOUT_MS,
    }),
};

const viewsKind: AppKind = {
  name: 'views',
  start: ({ database, ...ports }) => startViewsOn(database, ports),
};
