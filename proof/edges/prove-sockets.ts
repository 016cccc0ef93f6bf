/**
 * `npm run prove:sockets`: a thousand sockets on two edges, each edge killed once and started again in a
 * stream of events. Status 0 when every socket was given exactly what stands on the topics.
 */
import { parseNumbers } from './proof-flags';
import { startEdgeGround } from './edge-ground';
import { proveSockets } from './socket-proof';
import { runCommand } from '../../local/processes/command-runner';
import { progressOn } from '../../local/processes/progress';
import type { StopRequest } from '../../local/processes/stop-signals';

const USAGE = `usage: npm run prove:sockets -- [flags]

  --sockets N    in all (default 1000)
  --rate N       events a second (default 100)
  --seconds N    of events before, between and after the kills (default 15)
  --var FOLDER   of data and logs, emptied first (default: var/sockets)`;

const FAULTS_SHOWN = 10;
const DEAD_MS = 3_000;

async function prove(args: readonly string[], stop: StopRequest): Promise<number> {
  const flags = parseNumbers(args, { sockets: 1_000, rate: 100, seconds: 15 }, 'sockets');
  if (flags === undefined) {
    console.error(USAGE);
    return 2;
  }
  const { sockets, rate, seconds } = flags.numbers;
  const progress = progressOn();
  const ground = await startEdgeGround({
    ...{ edges: 2, varFolder: flags.varFolder, environment: process.env, progress },
    abandon: stop.asked,
  });
  progress.close();
  try {
    const verdict = await proveSockets(ground, {
      ...{ sockets, eventsPerSecond: rate, phaseMs: seconds * 1_000, deadMs: DEAD_MS },
      say: (line) => console.log(line),
    });
    for (const line of verdict.wrong.slice(0, FAULTS_SHOWN)) console.log(`FAULT ${line}`);
    console.log(verdict.holds ? 'it holds' : 'it does NOT hold');
    return verdict.holds ? 0 : 1;
  } finally {
    await ground.close();
  }
}

runCommand(prove);
