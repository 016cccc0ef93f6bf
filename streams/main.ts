/**
 * A process of apps: `tsx streams/main.ts [--apps orders,alerts] [--instance NAME]`.
 *
 * It is ready when all of them work. It ends with 1 as soon as one of them dies: an app that
 * cannot go on is never left standing quietly beside the others. SIGTERM and SIGINT finish what is
 * under way, commit, and leave the groups.
 */
import { parseArgs } from 'node:util';
import { pino, type Logger } from 'pino';
import { bringUpTopics } from '../topics/bring-up';
import { allTopics } from '../topics/catalogue';
import { APP_NAMES, startApp, type AppName, type StartedApp } from './apps';
import { readEnvironment } from './environment';
import { startHealthServer } from './runtime/health-server';

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
  const { apps, instance } = readArguments();
  const read = readEnvironment(process.env);
  const environment = { ...read, instance: instance ?? read.instance };
  logger.level = environment.logLevel;
  const stopped = stopRequest();
  const codec = await bringUpTopics({ ...environment, topics: allTopics });
  const started: StartedApp[] = [];
  const server = await startHealthServer({
    host: environment.healthHost,
    port: environment.healthPort,
    apps: () => started.map(({ app }) => app),
  });
  try {
    await Promise.all(
      apps.map(async (name) => {
        started.push(await startApp(name, { environment, codec, logger }));
      }),
    );
    logger.info({ apps, health: server.addresses() }, 'streams started');
    await Promise.race([stopped, ...started.map(({ app }) => app.ended)]);
  } finally {
    await Promise.all(started.map(({ app }) => app.stop()));
    await Promise.all(started.map(({ release }) => release()));
    await server.close();
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
