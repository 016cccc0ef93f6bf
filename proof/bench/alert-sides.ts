/** The sides that raise alerts: the app as it is, and the same rules on Kafka Streams. */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { choosePort } from '../../local/services/port-choice';
import { respondsOk } from '../../local/services/readiness';
import { NODE_ENVIRONMENT } from '../../local/processes/node-process';
import { SupervisedProcess } from '../../local/processes/supervised-process';
import { projectFolder } from '../../local/stack/stack-folders';
import { alertsLifecycle, alertsRaised } from '../../topics/alerts';
import { alertsChangelog } from '../../topics/changelogs';
import { deadLetters } from '../../topics/dead-letters';
import { ordersEvents } from '../../topics/orders';
import { paymentsEvents } from '../../topics/payments';
import type { BenchGround } from './bench-ground';
import { installJavaPeer } from './java-peer';
import { otherCheckout, productionCommand, type Build } from './production';
import type { Bench } from './question';

export interface AlertSide {
  readonly name: string;
  /** Puts everything back to nothing and starts it: it begins at the beginning of the log. */
  begin(): Promise<RunningSide>;
}

export interface RunningSide {
  readonly processes: readonly SupervisedProcess[];
  /** Consumer group whose offsets tell how far it is. */
  readonly group: string;
  readonly raised: string;
  readonly lifecycle: string;
  /** Stops it, and removes what nobody will read any more. */
  end(): Promise<void>;
}

export interface AlertSideOptions {
  readonly ground: BenchGround;
  readonly build: Build;
  /** Where stores stand. */
  readonly folder: string;
  readonly graceMs: number;
  /** Folder for CPU profiles; undefined: none is made. */
  readonly profileTo: string | undefined;
}

/** For the sides of a question; its stores and profiles lie in the question's folder. */
export function alertSideOptions({ flags, ground, folder }: Bench, graceMs: number) {
  return {
    ground,
    build: flags.build,
    folder: path.join(folder, 'stores'),
    graceMs,
    profileTo: flags.profile ? path.join(folder, 'profiles') : undefined,
  } satisfies AlertSideOptions;
}

/** The app of another checkout, in one process; none where no other is named. */
export function baselineAlerts(
  baseline: string | undefined,
  options: AlertSideOptions,
): readonly AlertSide[] {
  if (baseline === undefined) return [];
  return [ourAlerts('baseline', 1, { ...options, build: otherCheckout(baseline) })];
}

const READY_WITHIN_MS = 90_000;
const STOP_WITHIN_MS = 20_000;

/**
 * The app in so many processes, which share its partitions. It writes to the shop's topics, so these
 * are made anew for each round.
 */
export function ourAlerts(name: string, count: number, options: AlertSideOptions): AlertSide {
  const { ground } = options;
  const own = [alertsRaised, alertsLifecycle, alertsChangelog, deadLetters].map(({ name }) => name);
  return {
    name,
    async begin() {
      await ground.dropGroup('alerts');
      await ground.dropTopics((name) => own.includes(name));
      await ground.remakeTopics();
      const numbers = Array.from({ length: count }, (_, index) => index + 1);
      const started = await Promise.all(
        numbers.map((number) => ourProcess(`${name}-${String(number)}`, options)),
      );
      return {
        processes: started.map(({ process }) => process),
        group: 'alerts',
        raised: alertsRaised.name,
        lifecycle: alertsLifecycle.name,
        async end() {
          for (const each of started) await each.end();
        },
      };
    },
  };
}

async function ourProcess(
  name: string,
  { ground, build, folder, graceMs, profileTo }: AlertSideOptions,
): Promise<{ readonly process: SupervisedProcess; end(): Promise<void> }> {
  const data = path.join(folder, name);
  rmSync(data, { recursive: true, force: true });
  const port = await choosePort(8090);
  const health = `http://127.0.0.1:${String(port.port)}/health/ready`;
  const process = new SupervisedProcess(
    {
      name: `bench-${name}`,
      ...productionCommand(build, 'streams/main', ['--apps', 'alerts'], profileTo),
      environment: {
        ...NODE_ENVIRONMENT,
        ...globalThis.process.env,
        KAFKA_BROKERS: ground.brokers,
        SCHEMA_REGISTRY_URL: ground.registryUrl,
        STREAMS_DATA: data,
        HEALTH_PORT: String(port.port),
        ALERTS_RULE_A_GRACE_MS: String(graceMs),
        ALERTS_RULE_B_GRACE_MS: String(graceMs),
      },
      ready: () => respondsOk(health),
      readyWithinMs: READY_WITHIN_MS,
      stopWithinMs: STOP_WITHIN_MS,
    },
    ground.stack.folders,
  );
  return {
    process,
    async end() {
      await process.stop();
      port.release();
    },
  };
}

export interface StreamsSettings {
  readonly threads: number;
  readonly commitMs: number;
}

/** Every round is another application, with output topics of its own. */
export function kafkaStreamsAlerts(
  name: string,
  { ground, folder, graceMs }: AlertSideOptions,
  { threads, commitMs }: StreamsSettings,
): AlertSide {
  let round = 0;
  const data = path.join(folder, 'kafka-streams');
  return {
    name,
    async begin() {
      const classPath = await installJavaPeer();
      round += 1;
      const run = `${name}-${String(round)}`;
      // Ends at the first underline: the peer takes the rest for the shop's own topic.
      const topic = (of: string) => `${run}_${of}`;
      const [raised, lifecycle] = [topic(alertsRaised.name), topic(alertsLifecycle.name)];
      await ground.makeTopics([raised, lifecycle]);
      rmSync(data, { recursive: true, force: true });
      mkdirSync(data, { recursive: true });
      const schemas = await ground.schemaIds([
        ordersEvents,
        paymentsEvents,
        alertsRaised,
        alertsLifecycle,
      ]);
      const settings = [ground.brokers, run, data, threads, commitMs, graceMs, schemas];
      const process = new SupervisedProcess(
        {
          name: `bench-${name}`,
          command: 'java',
          args: [...JVM, '-cp', classPath, 'AlertJoin', ...settings.map(String)],
          folder: projectFolder,
          environment: globalThis.process.env,
          ready: () => true,
          readyWithinMs: READY_WITHIN_MS,
          stopWithinMs: STOP_WITHIN_MS,
        },
        ground.stack.folders,
      );
      return {
        processes: [process],
        group: run,
        raised,
        lifecycle,
        async end() {
          await process.stop();
          await ground.dropTopics((each) => each.startsWith(run));
          rmSync(data, { recursive: true, force: true });
        },
      };
    },
  };
}

/** Packages of the generated classes: Avro makes none that it was not told to trust. */
const TRUSTED = ['shop.orders', 'shop.payments', 'shop.alerts', 'shop.alerts.state'];

/** Avro's generated coders spare it the walk along the schema. */
const JVM = [
  '-Xms512m',
  '-Xmx1g',
  '-Dorg.apache.avro.specific.use_custom_coders=true',
  `-Dorg.apache.avro.SERIALIZABLE_PACKAGES=${TRUSTED.join()}`,
];
