/**
 * Owns the start and the stop of the real services that everything here runs on.
 *
 * Always true:
 * - One stack per `var` folder, held by a lock that dies with its process.
 * - Orphans of an earlier stack are gone before anything starts: apps first, while the services
 *   they finish their work with are still there.
 * - A start that fails or is abandoned stops whatever it had started.
 */
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { composeDown, composeStop, composeUp } from './docker/compose';
import { firebaseProject, firebaseService } from './firebase/firebase-service';
import { javaProblem } from './java-tools.cjs';
import { kafkaService } from './kafka/kafka-service';
import { claimFile } from './owned-file';
import { choosePort, type ChosenPort } from './port-choice';
import { postgresService } from './postgres/postgres-service';
import type { Progress } from './progress';
import { waitUntil } from './readiness';
import { redisService } from './redis/redis-service';
import { registryService } from './registry/registry-service';
import { serviceNames, type Service, type ServiceName } from './service';
import { planServices, type ServicePlan } from './service-plan';
import { StackError } from './stack-error';
import { makeFolders, wipeData, type StackFolders } from './stack-folders';
import { SupervisedProcess, stopLeftover, type ProcessExit } from './supervised-process';

export interface StackOptions {
  readonly folders: StackFolders;
  readonly only: readonly ServiceName[];
  /** Starts from empty data folders. */
  readonly fresh: boolean;
  readonly environment: NodeJS.ProcessEnv;
  readonly progress: Progress;
  /** Aborting it makes a start under way stop what it started, and reject with STOPPED. */
  readonly abandon: AbortSignal;
}

export type ServiceOrigin =
  | { readonly kind: 'named' }
  | { readonly kind: 'docker' }
  | { readonly kind: 'local'; readonly process: SupervisedProcess };

export interface RunningService {
  readonly name: ServiceName;
  readonly variable: string;
  readonly address: string;
  readonly origin: ServiceOrigin;
}

export interface Stack {
  readonly services: readonly RunningService[];
  /** The variables by which apps and tests find the services. */
  readonly environment: Readonly<Record<string, string>>;
  readonly folders: StackFolders;
  /** Told when a service ends by itself; the stack does not restart it. */
  readonly onServiceExit: (listener: (name: ServiceName, exit: ProcessExit) => void) => void;
  /** Everything the stack started is gone when it resolves. May be called twice. */
  readonly stop: () => Promise<void>;
}

const services: readonly Service[] = [
  kafkaService,
  registryService,
  postgresService,
  redisService,
  firebaseService,
];

/** A service named in the environment is expected to be up; this is for one that just starts. */
const namedWithinMs = 20_000;
/** Of an orphan, whatever it is. */
const orphanStopWithinMs = 15_000;

export async function startStack(options: StackOptions): Promise<Stack> {
  const plans = planServices(services, options.only, options.environment);
  if (plans.some((plan) => plan.kind === 'local' && plan.service.needsJava)) requireJava();
  makeFolders(options.folders);
  const lock = claimStack(options.folders);
  const undo: Undo = [lock];
  try {
    await stopLeftovers(options);
    if (options.fresh) await wipe(options, plans);
    const running = await startAll(plans, options, undo);
    return new StartedStack(running, options.folders, undo);
  } catch (error) {
    await undoAll(undo);
    throw error;
  }
}

/** What to do, last first, to take back what was done. */
type Undo = (() => void | Promise<void>)[];

async function undoAll(undo: Undo): Promise<void> {
  for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
}

function requireJava(): void {
  const problem = javaProblem();
  if (problem !== undefined) throw new StackError('JAVA_MISSING', problem);
}

function claimStack(folders: StackFolders): () => void {
  const claim = claimFile(path.join(folders.run, 'stack.lock'), 'stack');
  if (claim.kind === 'held') return claim.release;
  throw new StackError(
    'STACK_RUNNING',
    `A stack already runs on ${folders.root} (process ${claim.pid}). ` +
      'Stop it, or start another one beside it with --var FOLDER.',
  );
}

async function stopLeftovers({ folders, progress }: StackOptions): Promise<void> {
  const names = readdirSync(folders.run)
    .filter((file) => file.endsWith('.pid'))
    .map((file) => file.slice(0, -'.pid'.length));
  const isService = (name: string): boolean => (serviceNames as readonly string[]).includes(name);
  const stopAll = (some: readonly string[]): Promise<void[]> =>
    Promise.all(
      some.map(async (name) => {
        const file = path.join(folders.run, `${name}.pid`);
        if (await stopLeftover(file, orphanStopWithinMs)) {
          progress.say(`Stopped ${name}, which an earlier run had left behind.`);
        }
      }),
    );
  await stopAll(names.filter((name) => !isService(name)));
  await stopAll(names.filter(isService));
}

async function wipe(options: StackOptions, plans: readonly ServicePlan[]): Promise<void> {
  wipeData(options.folders);
  if (plans.some((plan) => plan.kind === 'docker')) await composeDown(options.abandon);
}

/**
 * In parallel. When one fails the others are abandoned and waited for, so that nothing starts
 * after the stop.
 */
async function startAll(
  plans: readonly ServicePlan[],
  options: StackOptions,
  undo: Undo,
): Promise<readonly RunningService[]> {
  const failure = new AbortController();
  const abandon = AbortSignal.any([options.abandon, failure.signal]);
  const docker = startDocker(plans, { ...options, abandon }, undo);
  let firstError: unknown;
  const results = await Promise.allSettled(
    plans.map(async (plan) => {
      try {
        return await startOne(plan, { ...options, abandon }, undo, docker);
      } catch (error) {
        if (!failure.signal.aborted) {
          firstError = error;
          options.progress.show(plan.service.name, 'failed', '');
        }
        failure.abort();
        throw error;
      }
    }),
  );
  if (failure.signal.aborted) throw firstError;
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

function startDocker(
  plans: readonly ServicePlan[],
  { abandon }: StackOptions,
  undo: Undo,
): Promise<void> {
  const names = plans.filter(({ kind }) => kind === 'docker').map(({ service }) => service.name);
  if (names.length === 0) return Promise.resolve();
  undo.push(() => composeStop(names));
  const started = composeUp(names, abandon);
  // Each service of it awaits this; on its own it must not count as an unhandled rejection.
  started.catch(() => undefined);
  return started;
}

async function startOne(
  plan: ServicePlan,
  options: StackOptions,
  undo: Undo,
  docker: Promise<void>,
): Promise<RunningService> {
  const { service } = plan;
  const { name, variable } = service;
  switch (plan.kind) {
    case 'named':
      await awaitNamed(service, plan.address, options);
      options.progress.show(name, 'ready', `${plan.address}  (named by ${variable})`);
      return { name, variable, address: plan.address, origin: { kind: 'named' } };
    case 'docker': {
      options.progress.show(name, 'starting', 'by Docker Compose');
      await docker;
      const address = service.address(service.usualPorts);
      await awaitNamed(service, address, options);
      options.progress.show(name, 'ready', `${address}  (Docker)`);
      return { name, variable, address, origin: { kind: 'docker' } };
    }
    case 'local':
      return startLocal(service, options, undo);
  }
}

async function awaitNamed(
  service: Service,
  address: string,
  { progress, abandon }: StackOptions,
): Promise<void> {
  progress.show(service.name, 'waiting', `for ${address}`);
  const wait = await waitUntil(() => service.answers(address), {
    withinMs: namedWithinMs,
    abandon,
  });
  if (wait === 'held') return;
  if (wait === 'abandoned') throw new StackError('STOPPED', `Stopped while waiting for ${address}.`);
  throw new StackError(
    'NAMED_SERVICE_SILENT',
    `${service.variable} names ${address}, which does not answer. ` +
      `Start it, or unset ${service.variable} to have one started.`,
  );
}

async function startLocal(
  service: Service,
  { folders, progress, abandon }: StackOptions,
  undo: Undo,
): Promise<RunningService> {
  const { name, variable } = service;
  const begun = performance.now();
  progress.show(name, 'installing', '');
  await service.install({
    cache: folders.cache,
    report: (detail) => progress.show(name, 'installing', detail),
    abandon,
  });
  const ports = await choosePorts(service, undo);
  const address = service.address(ports);
  progress.show(name, 'starting', address);
  const data = path.join(folders.data, name);
  mkdirSync(data, { recursive: true });
  const { stopped, ...launch } = await service.prepare({
    data,
    cache: folders.cache,
    ports,
    abandon,
  });
  const process = new SupervisedProcess(
    { ...launch, name, folder: data, ready: () => service.answers(address) },
    folders,
  );
  await process.start(abandon);
  undo.push(async () => {
    await process.stop();
    stopped?.();
  });
  const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
  const moved = service.usualPorts.every((port, index) => port === ports[index])
    ? ''
    : `, port ${service.usualPorts.join('/')} is taken`;
  progress.show(name, 'ready', `${address}  (${seconds} s${moved})`);
  return { name, variable, address, origin: { kind: 'local', process } };
}

async function choosePorts(service: Service, undo: Undo): Promise<readonly number[]> {
  const chosen: ChosenPort[] = [];
  for (const usual of service.usualPorts) {
    const choice = await choosePort(usual);
    undo.push(choice.release);
    chosen.push(choice);
  }
  return chosen.map(({ port }) => port);
}

class StartedStack implements Stack {
  readonly environment: Readonly<Record<string, string>>;
  private stopping: Promise<void> | undefined;

  constructor(
    readonly services: readonly RunningService[],
    readonly folders: StackFolders,
    private readonly undo: Undo,
  ) {
    this.environment = {
      ...Object.fromEntries(services.map(({ variable, address }) => [variable, address])),
      GCLOUD_PROJECT: firebaseProject,
    };
  }

  onServiceExit(listener: (name: ServiceName, exit: ProcessExit) => void): void {
    for (const { name, origin } of this.services) {
      if (origin.kind === 'local') origin.process.onExit((exit) => listener(name, exit));
    }
  }

  stop(): Promise<void> {
    this.stopping ??= undoAll(this.undo);
    return this.stopping;
  }
}
