/**
 * Edges as processes, on services of their own or on those that the environment names, with the views
 * beside them: what is killed, frozen and stopped in the proofs of the edge. No app decides anything
 * here, so that the log has only what a proof writes.
 */
import path from 'node:path';
import type { Codec } from '../../platform/avro/codec';
import type { RunningStack } from '../../platform/running-stack';
import { openEventProducer, type EventProducer } from '../../streams/runtime/kafka/event-producer';
import { connectBroker } from '../../streams/runtime/kafka/kafka-broker';
import type { Broker } from '../../streams/runtime/broker';
import { bringUpTopics } from '../../topics/bring-up';
import { allTopics } from '../../topics/catalogue';
import { buildProcesses } from '../../local/pipeline/process-build';
import { nodeProcess } from '../../local/processes/node-process';
import type { Progress } from '../../local/processes/progress';
import { SupervisedProcess, type ProcessSpec } from '../../local/processes/supervised-process';
import { choosePort, type ChosenPort } from '../../local/services/port-choice';
import { respondsOk } from '../../local/services/readiness';
import { serviceNames, type ServiceName } from '../../local/services/service';
import { startStack, type Stack } from '../../local/stack/stack';
import { stackFolders } from '../../local/stack/stack-folders';

export interface EdgeProcess {
  readonly url: string;
  readonly process: SupervisedProcess;
}

export interface EdgeGround {
  /** As the first edge is reached. */
  readonly running: RunningStack;
  readonly edges: readonly EdgeProcess[];
  readonly broker: Broker;
  readonly producer: EventProducer;
  /** Knows the ids of every topic. */
  readonly codec: Codec;
  /** Of a service that was started here; throws for one that was named. */
  service(name: ServiceName): SupervisedProcess;
  close(): Promise<void>;
}

export interface EdgeGroundOptions {
  readonly edges: number;
  readonly varFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly progress: Progress;
  readonly abandon: AbortSignal;
}

const PARTITIONS = 6;
const USUAL_PORTS = { edge: 3000, views: 8090 } as const;
/** Two edges and the views begin at once, on a machine that is busy. */
const READY_WITHIN_MS = 90_000;
/** Above `drainMs` of the edge. */
const STOP_WITHIN_MS = 20_000;

/** All that a proof does comes from one address and few people. */
const SETTINGS = {
  TOPIC_PARTITIONS: String(PARTITIONS),
  EDGE_SIGN_INS_PER_MINUTE: '100000',
  EDGE_ORDERS_PER_MINUTE: '1000000',
  WEBHOOKS_PER_MINUTE: '1000000',
  EDGE_SESSIONS_PER_USER: '1000',
  EDGE_LOG_LEVEL: 'warn',
} as const;

/** This process's, but for services that a proof stops: those are to be its own. */
export function without(names: readonly string[]): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !names.includes(name));
  return Object.fromEntries(kept);
}

/** Whatever was started is stopped again when it rejects. */
export async function startEdgeGround(options: EdgeGroundOptions): Promise<EdgeGround> {
  const { progress, abandon } = options;
  await buildProcesses((detail) => progress.show('processes', 'installing', detail), abandon);
  const stack = await startStack({
    ...{ progress, abandon },
    folders: stackFolders(options.varFolder),
    only: serviceNames,
    fresh: true,
    environment: options.environment,
  });
  const undo: (() => unknown)[] = [() => stack.stop()];
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return { ...(await startProcesses(stack, options, undo)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startProcesses(
  stack: Stack,
  { edges: count, environment: around, progress, abandon }: EdgeGroundOptions,
  undo: (() => unknown)[],
): Promise<Omit<EdgeGround, 'close'>> {
  const environment = { ...around, ...SETTINGS, ...stack.environment };
  const brokers = stack.environment['KAFKA_BROKERS']?.split(',') ?? [];
  const registryUrl = stack.environment['SCHEMA_REGISTRY_URL'] ?? '';
  const scale = { partitions: PARTITIONS, replicationFactor: 1 };
  const codec = await bringUpTopics({ brokers, registryUrl, topics: allTopics, ...scale });
  const broker = await connectBroker({ brokers, clientId: 'edge-proof' });
  undo.push(() => broker.close());
  const producer = openEventProducer({ brokers, clientId: 'edge-proof' });
  undo.push(() => producer.close());
  const views = viewsSpec(environment, stack, await portFor('views', undo));
  const edges: EdgeProcess[] = [];
  for (let n = 1; n <= count; n += 1) {
    const url = `http://127.0.0.1:${String(await portFor('edge', undo))}`;
    const spec = edgeSpec(`edge-${String(n)}`, environment, url);
    edges.push({ url, process: new SupervisedProcess(spec, stack.folders) });
  }
  const all = [new SupervisedProcess(views, stack.folders), ...edges.map((edge) => edge.process)];
  // The edges first, so that nothing is taken in that nobody handles any more.
  for (const process of all) undo.push(() => process.stop());
  await Promise.all(all.map((process) => process.start(abandon)));
  for (const process of all) progress.show(process.spec.name, 'ready', '');
  return {
    ...{ edges, broker, producer, codec },
    running: describe(stack, edges[0]?.url ?? ''),
    service: (name) => serviceOf(stack, name),
  };
}

async function portFor(what: keyof typeof USUAL_PORTS, undo: (() => unknown)[]): Promise<number> {
  const chosen: ChosenPort = await choosePort(USUAL_PORTS[what]);
  undo.push(() => chosen.release());
  return chosen.port;
}

function edgeSpec(name: string, environment: NodeJS.ProcessEnv, url: string): ProcessSpec {
  return {
    name,
    ...nodeProcess('edge/server'),
    environment: { ...environment, EDGE_PORT: new URL(url).port },
    ready: () => respondsOk(`${url}/health/ready`),
    readyWithinMs: READY_WITHIN_MS,
    stopWithinMs: STOP_WITHIN_MS,
  };
}

function viewsSpec(environment: NodeJS.ProcessEnv, stack: Stack, port: number): ProcessSpec {
  return {
    name: 'views',
    ...nodeProcess('streams/main', '--apps', 'views'),
    environment: {
      ...environment,
      HEALTH_PORT: String(port),
      STREAMS_DATA: path.join(stack.folders.data, 'streams'),
    },
    ready: () => respondsOk(`http://127.0.0.1:${String(port)}/health/ready`),
    readyWithinMs: READY_WITHIN_MS,
    stopWithinMs: STOP_WITHIN_MS,
  };
}

function serviceOf({ services }: Stack, name: ServiceName): SupervisedProcess {
  const origin = services.find((service) => service.name === name)?.origin;
  const [process] = origin?.kind === 'local' ? origin.processes : [];
  if (process === undefined) throw new Error(`${name} was not started here`);
  return process;
}

/** Of the apps only what a client of the edge needs; there are none that decide. */
function describe({ environment }: Stack, edgeUrl: string): RunningStack {
  return {
    edgeUrl,
    ...{ simulatorUrl: '', streamsUrl: '' },
    brokers: environment['KAFKA_BROKERS'] ?? '',
    registryUrl: environment['SCHEMA_REGISTRY_URL'] ?? '',
    firebaseHost: environment['FIREBASE_AUTH_EMULATOR_HOST'] ?? '',
    firebaseProject: environment['GCLOUD_PROJECT'] ?? '',
    partitions: PARTITIONS,
    ...{ ruleAGraceMs: 0, ruleBGraceMs: 0, paymentsLifetimeMs: 0, paymentsWatchMs: 0 },
    gatewayCallsPerSecond: 0,
  };
}
