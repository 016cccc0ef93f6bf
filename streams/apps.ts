/** The apps of the project by name, and how each is started. Any subset may share a process. */
import type { Logger } from 'pino';
import type { Codec } from '../platform/avro/codec';
import { deadLetters } from '../topics/dead-letters';
import { accountsApp } from './accounts/topology';
import { alertsApp } from './alerts/topology';
import type { StreamsEnvironment } from './environment';
import { startGateway } from './gateway/gateway';
import { paymentProvider } from './gateway/providers';
import { inventoryApp } from './inventory/topology';
import { ordersApp } from './orders/topology';
import type { StartedApp } from './patient-app';
import { paymentsApp } from './payments/topology';
import type { StreamApp } from './runtime/app';
import type { Broker } from './runtime/broker';
import { systemClock } from '../platform/clock';
import { connectBroker } from './runtime/kafka/kafka-broker';
import type { RunningApp } from './runtime/running-app';
import { StoreFolder } from './runtime/store/store-folder';
import { Worker } from './runtime/worker';
import { startViews } from './views/views';

export interface AppContext {
  readonly environment: StreamsEnvironment;
  readonly codec: Codec;
  readonly logger: Logger;
}

type Starter = (context: AppContext) => Promise<StartedApp>;

const STARTERS = {
  orders: (context) => startStreamApp(ordersApp(context.environment.settings.orders), context),
  inventory: (context) =>
    startStreamApp(inventoryApp(context.environment.settings.inventory), context),
  accounts: (context) =>
    startStreamApp(accountsApp(context.environment.settings.accounts), context),
  payments: (context) =>
    startStreamApp(paymentsApp(context.environment.settings.payments), context),
  alerts: (context) => startStreamApp(alertsApp(context.environment.settings.alerts), context),
  gateway: startGatewayApp,
  views: startViewsApp,
} as const satisfies Record<string, Starter>;

export type AppName = keyof typeof STARTERS;

export const APP_NAMES = Object.keys(STARTERS) as readonly AppName[];

/** Rejects when the app cannot begin; nothing of it is left behind then. */
export function startApp(name: AppName, context: AppContext): Promise<StartedApp> {
  return STARTERS[name]({ ...context, logger: context.logger.child({ app: name }) });
}

async function startStreamApp(app: StreamApp, context: AppContext): Promise<StartedApp> {
  const { codec, environment, logger } = context;
  const { data, instance, sessionTimeoutMs, clockSlackMs } = environment;
  const stores = await StoreFolder.open(data, app.name, instance, logger);
  return connected(
    app.name,
    context,
    () => stores.close(),
    (broker) =>
      Worker.start({
        app,
        broker,
        codec,
        clock: systemClock,
        logger,
        stores,
        memberIdFile: stores.memberIdFile,
        deadLetters,
        sessionTimeoutMs,
        clockSlackMs,
      }),
  );
}

async function startGatewayApp(context: AppContext): Promise<StartedApp> {
  const { codec, environment, logger } = context;
  const folder = await StoreFolder.open(environment.data, 'gateway', environment.instance, logger);
  return connected(
    'gateway',
    context,
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
      }),
  );
}

async function startViewsApp(context: AppContext): Promise<StartedApp> {
  const { codec, environment, logger } = context;
  const { databaseUrl } = environment;
  if (databaseUrl === undefined) throw new Error('DATABASE_URL is missing; views needs it');
  const folder = await StoreFolder.open(environment.data, 'views', environment.instance, logger);
  return connected(
    'views',
    context,
    () => folder.close(),
    (broker) =>
      startViews({
        broker,
        codec,
        databaseUrl,
        clock: systemClock,
        logger,
        memberIdFile: folder.memberIdFile,
      }),
  );
}

/** A broker connection of the app's own: a slow one does not hold up its neighbours. */
async function connected(
  name: string,
  { environment }: AppContext,
  close: () => Promise<void>,
  start: (broker: Broker) => Promise<RunningApp>,
): Promise<StartedApp> {
  const resources = [close];
  const release = async () => {
    for (const free of resources.splice(0).reverse()) await free();
  };
  try {
    const { brokers, instance } = environment;
    const broker = await connectBroker({ brokers, clientId: `${name}-${instance}` });
    resources.push(() => broker.close());
    return { app: await start(broker), release };
  } catch (error) {
    await release();
    throw error;
  }
}
