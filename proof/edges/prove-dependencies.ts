/**
 * `npm run prove:dependencies`: Redis, Postgres, Kafka and the registry behind a running edge are frozen
 * and killed, alone and in pairs, then all frozen under load. Status 0 when the edge answered what is
 * promised each time, in time, and was whole again by itself.
 */
import { startEdgeGround, without } from './edge-ground';
import { DEPENDENCIES } from './edge-probe';
import { episodesOf, proveDependencies } from './dependency-proof';
import { parseNumbers } from './proof-flags';
import { runCommand } from '../../local/processes/command-runner';
import { progressOn } from '../../local/processes/progress';
import type { StopRequest } from '../../local/processes/stop-signals';

const USAGE = `usage: npm run prove:dependencies -- [flags]

  --load-seconds N   with all of them frozen, under load (default 30)
  --var FOLDER       of data and logs, emptied first (default: var/dependencies)`;

/** Their own are what is stopped here. */
const OWN = ['KAFKA_BROKERS', 'SCHEMA_REGISTRY_URL', 'DATABASE_URL', 'REDIS_URL'];

async function prove(args: readonly string[], stop: StopRequest): Promise<number> {
  const flags = parseNumbers(args, { 'load-seconds': 30 }, 'dependencies');
  if (flags === undefined) {
    console.error(USAGE);
    return 2;
  }
  const progress = progressOn();
  const ground = await startEdgeGround({
    ...{ edges: 1, varFolder: flags.varFolder, progress, abandon: stop.asked },
    environment: without(OWN),
  });
  progress.close();
  try {
    const { faults, holds } = await proveDependencies(ground, {
      episodes: episodesOf(DEPENDENCIES),
      loadMs: flags.numbers['load-seconds'] * 1_000,
      say: (line) => console.log(line),
    });
    for (const fault of faults) console.log(`FAULT ${fault}`);
    console.log(holds ? 'it holds' : 'it does NOT hold');
    return holds ? 0 : 1;
  } finally {
    await ground.close();
  }
}

runCommand(prove);
