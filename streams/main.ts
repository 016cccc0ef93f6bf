/**
 * A process of apps: `node dist/streams/main.js [--apps orders,alerts]
 * [--instance NAME]`, once `npm run build` has made it.
 *
 * It answers for its health at once, waits for a Kafka and a registry that are away, and is ready
 * when all of its apps work. It ends with 1 as soon as one of them dies: an app that
 * cannot go on is never left standing quietly beside the others. SIGTERM and SIGINT finish what is
 * in flight, commit, and leave the groups.
 */
import { parseArgs } from 'node:util';
import { pino, type Logger } from 'pino';
import { bringUpTopics } from '../topics/bring-up';
import { allTopics } from '../topics/catalogue';
import { APP_NAMES, refuseWithout, startApp, withSearch, type AppName } from './apps';
import { readEnvironment } from './environment';
import { systemClock as clock } from '../platform/clock';
import { allOf } from '../platform/environment-error';
import { withSecretFiles } from '../platform/secret-files';
import { openTraces } from '../platform/trace/traces';
import { processMetrics } from './process-metrics';
import { startHealthServer } from './runtime/health-server';
import { TASK_LIMITS } from './runtime/limits';
import { shared } from './runtime/patience';
import { PatientApp } from './runtime/patient-app';

interface Arguments {
  readonly apps: readonly AppName[];
  readonly instance: string | undefined;
}

function readArguments(): Arguments {
  const { values } = parseArgs({
    options: { apps: { type: 'string' }, instance: { type: 'string' } },
  });
  const asked = values.apps?.split(',').map((name) => name.trim()) ?? APP_NAMES;
  const apps = asked.map((name) => {
    const found = APP_NAMES.find((known) => known === name);
    if (found === undefined) {
      throw new Error(`--apps: there is no app ${name}; there are ${APP_NAMES.join(', ')}`);
    }
    return found;
  });
  return { apps: [...new Set(apps)], instance: values.instance };
}

async function run(logger: Logger): Promise<void> {
  const { apps: names, instance } = readArguments();
  const variables = withSecretFiles(process.env);
  const { read } = allOf({
    read: () => readEnvironment(variables),
    ...Object.fromEntries(names.map((name) => [name, () => refuseWithout(name, variables)])),
  });
  const environment = { ...read, instance: instance ?? read.instance };
  logger.level = environment.logLevel;
  const stopped = stopRequest();
  const apps: PatientApp[] = [];
  const metrics = processMetrics();
  const traces = openTraces(process.env);
  const server = await startHealthServer({
    host: environment.healthHost,
    port: environment.healthPort,
    apps: () => apps,
    metrics: metrics.registry,
  });
  logger.info(
    { apps: withSearch(names, environment), health: server.addresses() },
    'streams started',
  );
  const missingSchemas = { clock, patienceMs: TASK_LIMITS.schemaPatienceMs };
  const bringUp = shared(() =>
    bringUpTopics({ ...environment, topics: allTopics, missingSchemas }),
  );
  const startOf = (name: AppName) => async () =>
    startApp(name, { environment, codec: await bringUp(), logger, metrics, traces, variables });
  try {
    for (const name of withSearch(names, environment))
      apps.push(new PatientApp({ name, start: startOf(name), clock, logger }));
    await Promise.race([stopped, ...apps.map(({ ended }) => ended)]);
  } finally {
    await Promise.all(apps.map((app) => app.stop()));
    await server.close();
    await traces?.close();
  }
}

function stopRequest(): Promise<string> {
  return new Promise((resolve) => {
    process.on('SIGTERM', resolve);
    process.on('SIGINT', resolve);
  });
}

const logger = pino({ name: 'streams' });
run(logger).then(
  () => {
    logger.info('streams stopped');
    process.exit(0);
  },
  (error: unknown) => {
    logger.fatal(error, 'streams died');
    process.exit(1);
  },
);
