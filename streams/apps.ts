/** The apps of the project by name, and how each is started. Any subset may share a process. */
import type { Logger } from 'pino';
import type { Codec } from '../platform/avro/codec';
import { deadLetters } from '../topics/dead-letters';
import { accountsApp } from './accounts/topology';
import { alertsApp } from './alerts/topology';
import type { StreamsEnvironment } from './environment';
import type { ProcessMetrics } from './process-metrics';
import { startGateway } from './gateway/gateway';
import { paymentProvider } from './gateway/providers';
import { inventoryApp } from './inventory/topology';
import { ordersApp } from './orders/topology';
import { paymentsApp } from './payments/topology';
import type { StreamApp } from './runtime/app';
import { systemClock } from '../platform/clock';
import type { StartedApp } from './runtime/patient-app';
import { connected, startStreamApp } from './runtime/start-app';
import { StoreFolder } from './runtime/store/store-folder';
import { startViews } from './views/views';

export interface AppContext {
  readonly environment: StreamsEnvironment;
  readonly codec: Codec;
  readonly logger: Logger;
  readonly metrics: ProcessMetrics;
}

type Starter = (context: AppContext) => Promise<StartedApp>;

const STARTERS = {
  orders: (context) => streamApp(ordersApp(context.environment.settings.orders), context),
  inventory: (context) => streamApp(inventoryApp(context.environment.settings.inventory), context),
  accounts: (context) => streamApp(accountsApp(context.environment.settings.accounts), context),
  payments: (context) => streamApp(paymentsApp(context.environment.settings.payments), context),
  alerts: (context) => streamApp(alertsApp(context.environment.settings.alerts), context),
  gateway: startGatewayApp,
  views: startViewsApp,
} as const satisfies Record<string, Starter>;

export type AppName = keyof typeof STARTERS;

export const APP_NAMES = Object.keys(STARTERS) as readonly AppName[];

/** Rejects when the app cannot begin; nothing of it is left behind then. */
export function startApp(name: AppName, context: AppContext): Promise<StartedApp> {
  return STARTERS[name]({ ...context, logger: context.logger.child({ app: name }) });
}

function streamApp(app: StreamApp, context: AppContext): Promise<StartedApp> {
  const { codec, environment, logger, metrics } = context;
  const commitMetrics = metrics.commits;
  return startStreamApp(app, { ...environment, codec, deadLetters, logger, commitMetrics });
}

async function startGatewayApp(context: AppContext): Promise<StartedApp> {
  const { codec, environment, logger, metrics } = context;
  const folder = await StoreFolder.open(environment.data, 'gateway', environment.instance, logger);
  return connected(
    { ...environment, name: 'gateway', commitMetrics: metrics.commits },
    () => folder.close(),
    (broker) =>
      startGateway({
        broker,
        codec,
        paypay: paymentProvider(process.env, systemClock),
        clock: systemClock,
        settings: environment.settings.gateway,
        sessionTimeoutMs: environment.sessionTimeoutMs,
        logger,
        memberIdFile: folder.memberIdFile,
        metrics: metrics.gateway,
      }),
  );
}

async function startViewsApp(context: AppContext): Promise<StartedApp> {
  const { codec, environment, logger, metrics } = context;
  const { databaseUrl } = environment;
  if (databaseUrl === undefined) throw new Error('DATABASE_URL is missing; views needs it');
  const folder = await StoreFolder.open(environment.data, 'views', environment.instance, logger);
  return connected(
    { ...environment, name: 'views', commitMetrics: metrics.commits },
    () => folder.close(),
    (broker) =>
      startViews({
        broker,
        codec,
        databaseUrl,
        clock: systemClock,
        logger,
        memberIdFile: folder.memberIdFile,
        metrics: metrics.views,
      }),
  );
}
