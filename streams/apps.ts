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
import { EnvironmentError } from '../platform/environment-error';
import { systemClock } from '../platform/clock';
import type { Traces } from '../platform/trace/spans';
import type { StartedApp } from './runtime/patient-app';
import { connected, startStreamApp, type AppWatch } from './runtime/start-app';
import { StoreFolder } from './runtime/store/store-folder';
import { tracedBroker } from './runtime/traced-broker';
import { viewsWatch } from './views-watch';
import { startSearchIndex } from './views/search-index';
import { startViews } from './views/views';

export interface AppContext {
  readonly environment: StreamsEnvironment;
  /** What the environment says, for what reads its own part of it. */
  readonly variables: NodeJS.ProcessEnv;
  readonly codec: Codec;
  readonly logger: Logger;
  readonly metrics: ProcessMetrics;
  /** Undefined where tracing is off. */
  readonly traces: Traces | undefined;
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
  search: startSearchApp,
} as const satisfies Record<string, Starter>;

export type AppName = keyof typeof STARTERS;

/** What can be asked for; `search` comes with the views. */
export const APP_NAMES = Object.keys(STARTERS).filter(
  (name) => name !== 'search',
) as readonly AppName[];

/** The views bring the index of products along where there is an OpenSearch to keep it. */
export function withSearch(
  apps: readonly AppName[],
  { openSearchUrl }: Pick<StreamsEnvironment, 'openSearchUrl'>,
): readonly AppName[] {
  return openSearchUrl !== undefined && apps.includes('views') ? [...apps, 'search'] : apps;
}

/**
 * Throws EnvironmentError where an app lacks what it alone is told; asked before anything is opened, so
 * that all that is missing is named at once.
 */
export function refuseWithout(name: AppName, variables: NodeJS.ProcessEnv): void {
  if (name === 'gateway') paymentProvider(variables, systemClock);
  if (name === 'views' && (variables['DATABASE_URL'] ?? '') === '') {
    throw new EnvironmentError('DATABASE_URL: views needs it');
  }
}

/** Rejects when the app cannot begin; nothing of it is left behind then. */
export function startApp(name: AppName, context: AppContext): Promise<StartedApp> {
  return STARTERS[name]({ ...context, logger: context.logger.child({ app: name }) });
}

function streamApp(app: StreamApp, context: AppContext): Promise<StartedApp> {
  const { codec, environment, logger } = context;
  const watch = watchOf(app.name, context, [app.changelog.name]);
  return startStreamApp(app, { ...environment, codec, deadLetters, logger, watch });
}

function watchOf(
  service: string,
  { codec, metrics, traces }: AppContext,
  silent: readonly string[] = [],
): AppWatch {
  const tracing = { service, traces, codec, clock: systemClock, silent };
  return {
    broker: (broker) => {
      const measured = metrics.commits.broker(service, broker);
      return traces === undefined ? measured : tracedBroker(measured, { ...tracing, traces });
    },
    stores: (folder) => metrics.commits.stores(service, folder),
  };
}

async function startGatewayApp(context: AppContext): Promise<StartedApp> {
  const { codec, environment, logger, metrics, variables } = context;
  const folder = await StoreFolder.open(environment.data, 'gateway', environment.instance, logger);
  return connected(
    { ...environment, name: 'gateway', watch: watchOf('gateway', context) },
    () => folder.close(),
    (broker) =>
      startGateway({
        broker,
        codec,
        paypay: paymentProvider(variables, systemClock),
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
  const { codec, environment, logger } = context;
  const { databaseUrl } = environment;
  if (databaseUrl === undefined) throw new EnvironmentError('DATABASE_URL: is missing');
  const folder = await StoreFolder.open(environment.data, 'views', environment.instance, logger);
  return connected(
    { ...environment, name: 'views', watch: watchOf('views', context) },
    () => folder.close(),
    (broker) =>
      startViews({
        broker,
        codec,
        databaseUrl,
        clock: systemClock,
        logger,
        memberIdFile: folder.memberIdFile,
        onWritten: viewsWatch(context),
      }),
  );
}

async function startSearchApp(context: AppContext): Promise<StartedApp> {
  const { codec, environment, logger } = context;
  const { openSearchUrl } = environment;
  if (openSearchUrl === undefined) throw new Error('OPENSEARCH_URL is missing; search needs it');
  const folder = await StoreFolder.open(environment.data, 'search', environment.instance, logger);
  return connected(
    { ...environment, name: 'search', watch: watchOf('search', context) },
    () => folder.close(),
    (broker) =>
      startSearchIndex({
        ...{ broker, codec, openSearchUrl, logger },
        clock: systemClock,
        memberIdFile: folder.memberIdFile,
      }),
  );
}
