/**
 * `npm run prove:downtime -- [--orders N] [--late N] [--grace-ms MS] [--var FOLDER]`: the alerts app
 * is stopped, N orders are written in full consistency, and it is started: no alert; those that are
 * answered late raise one each and resolve it. On services of its own, with the app as a process.
 * Status 0 when it holds.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { proveDowntime, type DowntimeVerdict } from './downtime-proof';
import { openEventProducer } from '../../streams/runtime/kafka/event-producer';
import { connectBroker } from '../../streams/runtime/kafka/kafka-broker';
import { bringUpTopics } from '../../topics/bring-up';
import { allTopics } from '../../topics/catalogue';
import { runCommand } from '../../local/processes/command-runner';
import { nodeProcess } from '../../local/processes/node-process';
import { buildProcesses } from '../../local/pipeline/process-build';
import { choosePort } from '../../local/services/port-choice';
import { progressOn } from '../../local/processes/progress';
import { respondsOk } from '../../local/services/readiness';
import { startStack } from '../../local/stack/stack';
import { projectFolder, stackFolders } from '../../local/stack/stack-folders';
import type { StopRequest } from '../../local/processes/stop-signals';
import { SupervisedProcess, type ProcessSpec } from '../../local/processes/supervised-process';

const PARTITIONS = 6;
const USUAL_HEALTH_PORT = 8090;
/** Six tasks restore, on a machine that may be busy. */
const READY_WITHIN_MS = 90_000;
const STOP_WITHIN_MS = 20_000;

interface Flags {
  readonly orders: number;
  readonly late: number;
  readonly graceMs: number;
  readonly varFolder: string;
}

function readFlags(args: readonly string[]): Flags | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      orders: { type: 'string', default: '100000' },
      late: { type: 'string', default: '1000' },
      'grace-ms': { type: 'string', default: '10000' },
      var: { type: 'string', default: path.join(projectFolder, 'var', 'downtime') },
    },
  });
  const numbers = [values.orders, values.late, values['grace-ms']].map(Number);
  const [orders = NaN, late = NaN, graceMs = NaN] = numbers;
  if (!numbers.every((number) => Number.isSafeInteger(number) && number >= 0)) return undefined;
  return { orders, late, graceMs, varFolder: path.resolve(values.var) };
}

async function prove(args: readonly string[], stop: StopRequest): Promise<number> {
  const flags = readFlags(args);
  if (flags === undefined) {
    console.error('--orders, --late and --grace-ms are whole numbers.');
    return 2;
  }
  const progress = progressOn();
  await buildProcesses((detail) => progress.show('processes', 'installing', detail), stop.asked);
  const stack = await startStack({
    folders: stackFolders(flags.varFolder),
    only: ['kafka', 'registry'],
    fresh: true,
    environment: process.env,
    progress,
    abandon: stop.asked,
  });
  try {
    const environment = { ...process.env, ...stack.environment };
    const spec = await alertsProcess(flags, environment, stack.folders.data);
    const app = new SupervisedProcess(spec, stack.folders);
    return await judge(flags, environment, async () => {
      await app.start(stop.asked);
      return () => app.stop();
    });
  } finally {
    await stack.stop();
  }
}

async function alertsProcess(
  { graceMs }: Flags,
  environment: NodeJS.ProcessEnv,
  data: string,
): Promise<ProcessSpec> {
  const { port } = await choosePort(USUAL_HEALTH_PORT);
  return {
    name: 'alerts',
    ...nodeProcess('streams/main', '--apps', 'alerts'),
    environment: {
      ...environment,
      TOPIC_PARTITIONS: String(PARTITIONS),
      ALERTS_RULE_A_GRACE_MS: String(graceMs),
      ALERTS_RULE_B_GRACE_MS: String(graceMs),
      HEALTH_PORT: String(port),
      STREAMS_DATA: path.join(data, 'streams'),
    },
    ready: () => respondsOk(`http://127.0.0.1:${String(port)}/health/ready`),
    readyWithinMs: READY_WITHIN_MS,
    stopWithinMs: STOP_WITHIN_MS,
  };
}

async function judge(
  { orders, late, graceMs }: Flags,
  environment: NodeJS.ProcessEnv,
  startApp: () => Promise<() => Promise<void>>,
): Promise<number> {
  const { KAFKA_BROKERS: named = '', SCHEMA_REGISTRY_URL: registryUrl = '' } = environment;
  const brokers = named.split(',');
  const scale = { partitions: PARTITIONS, replicationFactor: 1 };
  const codec = await bringUpTopics({ brokers, registryUrl, topics: allTopics, ...scale });
  const broker = await connectBroker({ brokers, clientId: 'downtime' });
  const producer = openEventProducer({ brokers, clientId: 'downtime' });
  try {
    const verdict = await proveDowntime({
      ...{ broker, producer, codec, graceMs, orders, late, startApp },
      partitions: PARTITIONS,
      say: (line) => console.log(line),
    });
    for (const line of linesOf(verdict)) console.log(line);
    return verdict.holds ? 0 : 1;
  } finally {
    await producer.close();
    await broker.close();
  }
}

function linesOf(verdict: DowntimeVerdict): readonly string[] {
  const { inTime, late, falseAlarms, raisedOnce, resolved, caughtUpMs, holds } = verdict;
  return [
    '',
    `answered in time     ${String(inTime)}, alerts of them ${String(falseAlarms)}`,
    `answered too late    ${String(late)}, raised once ${String(raisedOnce)}, resolved ${String(resolved)}`,
    `caught up within     ${(caughtUpMs / 1_000).toFixed(1)} s, the last deadline included`,
    holds ? 'it holds' : 'it does NOT hold',
  ];
}

runCommand(prove);
