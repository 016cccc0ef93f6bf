/**
 * From a declared app to one that works against a real cluster: its stores, a connection of its own,
 * and its worker. What always holds: an app that cannot begin leaves nothing behind, and one that has
 * ended gives back all that it was given, the last first.
 */
import type { Codec } from '../../platform/avro/codec';
import type { RecordTypes } from '../../platform/avro/record-types';
import { bringUp, type BringUpOptions } from '../../platform/bring-up';
import type { Changelog } from '../../platform/changelog';
import { systemClock } from '../../platform/clock';
import type { Topic } from '../../platform/topic';
import type { StreamApp } from './app';
import type { Broker } from './broker';
import type { ConnectionSecurity } from './kafka/connection';
import { connectBroker } from './kafka/kafka-broker';
import type { Logger } from './logger';
import { PatientApp, type StartedApp } from './patient-app';
import type { RunningApp } from './running-app';
import { StoreFolder } from './store/store-folder';
import type { Stores } from './store/store';
import { Worker } from './worker';

/** Where an app runs. */
export interface AppPlace extends ConnectionSecurity {
  /** `host:port` of some brokers. */
  readonly brokers: readonly string[];
  /** Folder of the stores: `<data>/<app>/<instance>/<partition>`. */
  readonly data: string;
  /** Tells the processes apart that share `data`; the same after a restart. */
  readonly instance: string;
  /** Absent: nobody watches what the app does. */
  readonly watch?: AppWatch;
}

/** Stands around the ports that an app works through, to measure or trace what goes by. */
export interface AppWatch {
  broker(broker: Broker): Broker;
  stores(folder: StoreFolder): Stores;
}

export interface StartOptions extends AppPlace {
  /** Knows the app's topics, `topicsOf`, and `deadLetters`. */
  readonly codec: Codec;
  readonly deadLetters: Topic<'DeadLetter'>;
  readonly logger: Logger;
  /** How long a member may be silent before its tasks go to others, ms. */
  readonly sessionTimeoutMs?: number;
  /** By how much this machine's clock may differ from the brokers', ms (T1). */
  readonly clockSlackMs?: number;
}

export interface RunOptions extends Omit<StartOptions, 'codec'> {
  readonly registryUrl: BringUpOptions['registryUrl'];
  /** What the app reads, writes and keeps: `readRecordTypes`. */
  readonly records: RecordTypes;
  /** Of each topic that is missing; one that has another count is refused. */
  readonly partitions: number;
  readonly replicationFactor: number;
}

/**
 * Makes the topics that are missing, registers the schemas, and works until it is stopped. It waits
 * for a Kafka and a registry that are away; `ended` rejects with what no waiting mends.
 */
export function runApp(app: StreamApp, options: RunOptions): RunningApp {
  const topics = [...topicsOf(app), options.deadLetters];
  const start = async () =>
    startStreamApp(app, { ...options, codec: await bringUp({ ...options, topics }) });
  return new PatientApp({ name: app.name, start, clock: systemClock, logger: options.logger });
}

/** Everything that an app reads, writes and keeps, each once. */
export function topicsOf({
  inputs,
  outputs,
  changelog,
}: StreamApp): readonly (Topic | Changelog)[] {
  return [...new Set([...inputs, ...outputs, changelog])];
}

/**
 * The topics must be there. Rejects when the app cannot begin: BROKER_UNREACHABLE, UNKNOWN_TOPIC,
 * NOT_CO_PARTITIONED, STORE_LOCKED.
 */
export async function startStreamApp(app: StreamApp, options: StartOptions): Promise<StartedApp> {
  const { data, instance, codec, deadLetters, logger, sessionTimeoutMs, clockSlackMs } = options;
  const stores = await StoreFolder.open(data, app.name, instance, logger);
  return connected(
    { ...options, name: app.name },
    () => stores.close(),
    (broker) =>
      Worker.start({
        app,
        broker,
        codec,
        clock: systemClock,
        logger,
        stores: options.watch?.stores(stores) ?? stores,
        memberIdFile: stores.memberIdFile,
        deadLetters,
        ...(sessionTimeoutMs === undefined ? {} : { sessionTimeoutMs }),
        ...(clockSlackMs === undefined ? {} : { clockSlackMs }),
      }),
  );
}

/**
 * A broker connection of the app's own: a slow one does not hold up its neighbours. `close` gives
 * back what was opened before.
 */
export async function connected(
  { name, brokers, instance, tls, sasl, watch }: Omit<AppPlace, 'data'> & { readonly name: string },
  close: () => Promise<void>,
  start: (broker: Broker) => Promise<RunningApp>,
): Promise<StartedApp> {
  const resources = [close];
  const release = async () => {
    for (const free of resources.splice(0).reverse()) await free();
  };
  try {
    const broker = await connectBroker({
      brokers,
      clientId: `${name}-${instance}`,
      ...(tls === undefined ? {} : { tls }),
      ...(sasl === undefined ? {} : { sasl }),
    });
    resources.push(() => broker.close());
    return { app: await start(watch?.broker(broker) ?? broker), release };
  } catch (error) {
    await release();
    throw error;
  }
}
