/**
 * Owns the project's own processes on top of a stack: the simulated PayPay, the streams processes
 * and the edge. One that ends by itself is restarted, because that is what a supervisor in
 * production does; its data is where it left it.
 */
import path from 'node:path';
import {
  forgetRunningStack,
  writeRunningStack,
  type RunningStack,
} from '../../platform/running-stack';
import { operator, shopper } from './demo-people';
import { buildProcesses } from './process-build';
import { bringUpTopics } from '../../topics/bring-up';
import { allTopics } from '../../topics/catalogue';
import { replicationOf } from '../services/kafka/server-properties';
import { choosePort, type ChosenPort } from '../services/port-choice';
import type { Progress } from '../processes/progress';
import { respondsOk } from '../services/readiness';
import type { Stack } from '../stack/stack';
import { NODE_ENVIRONMENT, nodeProcess, type ProcessScript } from '../processes/node-process';
import { keepRunning } from '../processes/restarts';
import { SupervisedProcess, type ProcessSpec } from '../processes/supervised-process';

export interface PipelineOptions {
  readonly stack: Stack;
  readonly progress: Progress;
  readonly abandon: AbortSignal;
  readonly environment: NodeJS.ProcessEnv;
  readonly streams: StreamsLayout;
}

/** How the apps are spread over processes. */
export interface StreamsLayout {
  /** What is run. */
  readonly script: ProcessScript;
  /** At least one. */
  readonly processes: readonly StreamsProcess[];
}

export interface StreamsProcess {
  /** Of the process: names its log. */
  readonly name: string;
  /** As --apps takes them; undefined: all. */
  readonly apps: string | undefined;
  /** Tells apart processes of the same apps; their stores lie apart as well. */
  readonly instance: string;
}

/** Everything in one process, or only `apps` of it. */
export function oneStreamsProcess(apps?: string): StreamsLayout {
  return {
    script: 'streams/main',
    processes: [{ name: 'streams', apps, instance: 'one' }],
  };
}

export interface Pipeline {
  readonly running: RunningStack;
  /** By name: `simulator`, `edge`, and those of the layout. */
  readonly processes: ReadonlyMap<string, SupervisedProcess>;
  /** The processes are gone when it resolves. */
  readonly stop: () => Promise<void>;
}

/** As the edge takes them, to show them where one signs in; the emulator knows nobody else. */
const DEMO_ACCOUNTS = [operator, shopper]
  .map(({ role, email, password }) => [role, email, password].join(':'))
  .join(',');

const USUAL_PORTS = { edge: 3000, simulator: 4010, streams: 8090 } as const;

/** 30 tasks restore and 200 schemas are looked up on a machine that is busy with other starts. */
const READY_WITHIN_MS = 90_000;
/** Commits end within the transaction timeout of 10 s. */
const STOP_WITHIN_MS = 20_000;

/**
 * What differs from production, so that a developer need not wait half a minute for an alert.
 * Anything set in the environment wins.
 */
const LOCAL_DEFAULTS = {
  TOPIC_PARTITIONS: '6',
  ALERTS_RULE_A_GRACE_MS: '5000',
  ALERTS_RULE_B_GRACE_MS: '5000',
  PAYMENTS_LIFETIME_MS: '300000',
  PAYMENTS_WATCH_AFTER_MS: '20000,60000,600000,3600000',
  GATEWAY_CALLS_PER_SECOND: '50',
  PAYPAY_API_KEY: 'simulator-key',
  PAYPAY_API_SECRET: 'simulator-secret',
  PAYPAY_MERCHANT_ID: 'simulator-merchant',
  // The simulator is the local PayPay; what loads the stack is a few shoppers at one address.
  WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1',
  EDGE_SIGN_INS_PER_MINUTE: '100000',
  EDGE_ORDERS_PER_MINUTE: '1000000',
  EDGE_SESSIONS_PER_USER: '1000',
  ACCOUNTS_OPEN_ORDERS_MAX: '1000000',
  ACCOUNTS_HELD_PIECES_MAX: '1000000',
} as const;

export function runningStackFile(stack: Pick<Stack, 'folders'>): string {
  return path.join(stack.folders.run, 'running-stack.json');
}

export async function startPipeline(options: PipelineOptions): Promise<Pipeline> {
  const { stack, progress } = options;
  const stopping = new AbortController();
  const abandon = AbortSignal.any([options.abandon, stopping.signal]);
  await buildProcesses((detail) => progress.show('processes', 'installing', detail), abandon);
  const ports = await choosePorts(options.streams);
  const replication = replicationOf(stack.brokers).factor;
  const environment = {
    ...LOCAL_DEFAULTS,
    TOPIC_REPLICATION_FACTOR: String(replication),
    ...NODE_ENVIRONMENT,
    ...options.environment,
    ...stack.environment,
  };
  const running = describeRunning(environment, ports);
  progress.show('topics', 'starting', 'topics and schemas');
  await bringUpTopics({
    brokers: running.brokers.split(','),
    registryUrl: running.registryUrl,
    partitions: running.partitions,
    replicationFactor: replication,
    topics: allTopics,
  });
  progress.show('topics', 'ready', `${String(allTopics.length)} topics`);
  const specs = processSpecs(options, environment, running, ports);
  const processes = specs.map((spec) => new SupervisedProcess(spec, stack.folders));
  const stop = async () => {
    // Else what has just been killed would be started again behind our back.
    stopping.abort();
    forgetRunningStack(runningStackFile(stack));
    // The edge first, so that nothing is taken in that nobody handles any more.
    for (const process of [...processes].reverse()) await process.stop();
    for (const { release } of [ports.edge, ports.simulator, ...ports.streams]) release();
  };
  try {
    await Promise.all(processes.map((process) => startOne(process, progress, abandon)));
  } catch (error) {
    await stop();
    throw error;
  }
  writeRunningStack(runningStackFile(stack), running);
  const byName = new Map(processes.map((process) => [process.spec.name, process]));
  return { running, processes: byName, stop };
}

async function startOne(
  process: SupervisedProcess,
  progress: Progress,
  abandon: AbortSignal,
): Promise<void> {
  const { name } = process.spec;
  progress.show(name, 'starting', '');
  const began = performance.now();
  await process.start(abandon);
  progress.show(name, 'ready', `(${((performance.now() - began) / 1_000).toFixed(1)} s)`);
  keepRunning(process, progress, abandon);
}

interface Ports {
  readonly edge: ChosenPort;
  readonly simulator: ChosenPort;
  /** In the order of the layout's processes. */
  readonly streams: readonly ChosenPort[];
}

async function choosePorts({ processes }: StreamsLayout): Promise<Ports> {
  const { edge, simulator, streams } = USUAL_PORTS;
  const ports = { edge: await choosePort(edge), simulator: await choosePort(simulator) };
  const ofStreams: ChosenPort[] = [];
  // One after the other: the series of a later one begins behind what an earlier one took.
  while (ofStreams.length < processes.length) ofStreams.push(await choosePort(streams));
  return { ...ports, streams: ofStreams };
}

/** Of the health server of the process at that place in the layout. */
function streamsUrl({ streams }: Ports, index: number): string {
  return `http://127.0.0.1:${String(streams[index]?.port)}`;
}

function describeRunning(environment: NodeJS.ProcessEnv, ports: Ports): RunningStack {
  const read = (name: string) => {
    const value = environment[name];
    if (value === undefined) throw new Error(`the stack does not say ${name}`);
    return value;
  };
  return {
    edgeUrl: `http://127.0.0.1:${String(ports.edge.port)}`,
    simulatorUrl: `http://127.0.0.1:${String(ports.simulator.port)}`,
    streamsUrl: streamsUrl(ports, 0),
    brokers: read('KAFKA_BROKERS'),
    registryUrl: read('SCHEMA_REGISTRY_URL'),
    firebaseHost: read('FIREBASE_AUTH_EMULATOR_HOST'),
    firebaseProject: read('GCLOUD_PROJECT'),
    partitions: Number(read('TOPIC_PARTITIONS')),
    ruleAGraceMs: Number(read('ALERTS_RULE_A_GRACE_MS')),
    ruleBGraceMs: Number(read('ALERTS_RULE_B_GRACE_MS')),
    paymentsLifetimeMs: Number(read('PAYMENTS_LIFETIME_MS')),
    paymentsWatchMs: Number(read('PAYMENTS_WATCH_AFTER_MS').split(',')[0]),
    gatewayCallsPerSecond: Number(read('GATEWAY_CALLS_PER_SECOND')),
  };
}

function processSpecs(
  { streams, stack }: PipelineOptions,
  environment: NodeJS.ProcessEnv,
  running: RunningStack,
  ports: Ports,
): readonly ProcessSpec[] {
  const shared = { readyWithinMs: READY_WITHIN_MS, stopWithinMs: STOP_WITHIN_MS };
  const dataOf = (name: string) => path.join(stack.folders.data, name);
  return [
    {
      ...shared,
      ...nodeProcess('simulator/server'),
      name: 'simulator',
      environment: {
        ...environment,
        SIMULATOR_PORT: String(ports.simulator.port),
        SIMULATOR_DATA: dataOf('simulator'),
        SIMULATOR_WEBHOOK_URL: `${running.edgeUrl}/webhooks/paypay`,
        SIMULATOR_CODE_LIFETIME_MS: String(running.paymentsLifetimeMs),
      },
      ready: () => respondsOk(`${running.simulatorUrl}/health/ready`),
    },
    ...streams.processes.map(({ name, apps, instance }, index) => ({
      ...shared,
      ...nodeProcess(streams.script, ...(apps === undefined ? [] : ['--apps', apps])),
      name,
      environment: {
        ...environment,
        HEALTH_PORT: String(ports.streams[index]?.port),
        STREAMS_DATA: dataOf('streams'),
        STREAMS_INSTANCE: instance,
        STREAMS_PROCESS: name,
        PAYPAY_API_URL: environment['PAYPAY_API_URL'] ?? running.simulatorUrl,
        GATEWAY_ORDER_PAGE_URL: `${running.edgeUrl}/orders`,
      },
      ready: () => respondsOk(`${streamsUrl(ports, index)}/health/ready`),
    })),
    {
      ...shared,
      ...nodeProcess('edge/server'),
      name: 'edge',
      environment: {
        ...environment,
        EDGE_PORT: String(ports.edge.port),
        EDGE_DEMO_ACCOUNTS: DEMO_ACCOUNTS,
        STREAMS_HEALTH_URLS: ports.streams.map((_, index) => streamsUrl(ports, index)).join(),
      },
      ready: () => respondsOk(`${running.edgeUrl}/health/ready`),
    },
  ];
}
