/** The edge's process: reads the environment, listens, and drains on SIGTERM or SIGINT. */
import { join } from 'node:path';
import { pino } from 'pino';
import { TIMED_OUT, within } from './deadline';
import { startEdge } from './running-edge';
import { readEnvironment } from './environment';
import { limits } from './limits';

const DASHBOARD_FOLDER = join(__dirname, '..', 'dashboard', 'dist');

async function main(): Promise<void> {
  const environment = readEnvironment();
  const logger = pino({
    name: 'edge',
    level: environment.logLevel,
    // Nothing logs headers today; should anything begin to, what lets people in stays out.
    redact: ['req.headers.cookie', 'req.headers.authorization'],
  });
  const edge = await startEdge(environment, DASHBOARD_FOLDER, logger);
  const asked = new Promise<'asked'>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.once(signal, () => resolve('asked'));
  });
  const outcome = await Promise.race([
    asked,
    edge.failed.catch((error: unknown) => {
      logger.fatal({ err: error }, 'consuming the topics failed');
      return 'failed' as const;
    }),
  ]);
  const stopped = await within(edge.stop(), limits.drainMs);
  if (stopped === TIMED_OUT) logger.error('some requests were cut off while draining');
  process.exit(outcome === 'asked' && stopped !== TIMED_OUT ? 0 : 1);
}

main().catch((error: unknown) => {
  pino({ name: 'edge' }).fatal({ err: error }, 'the edge could not start');
  process.exit(1);
});
