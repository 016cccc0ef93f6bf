/** The edge's process: reads the environment, listens, and drains on SIGTERM or SIGINT. */
import { join } from 'node:path';
import { buildFolder } from '../platform/project-folder';
import { withSecretFiles } from '../platform/secret-files';
import { TIMED_OUT, within } from './deadline';
import { startEdge } from './running-edge';
import { readEnvironment } from './environment';
import { limits } from './limits';
import { edgeLogger } from './logger';

const DASHBOARD_FOLDER = join(buildFolder, 'dashboard');

async function main(): Promise<void> {
  const environment = readEnvironment(withSecretFiles(process.env));
  const logger = edgeLogger(environment.logLevel);
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
  edgeLogger('info').fatal({ err: error }, 'the edge could not start');
  process.exit(1);
});
