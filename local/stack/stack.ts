/**
 * Owns the start and the stop of the real services that everything here runs on.
 *
 * Always true:
 * - One stack per `var` folder, held by a lock that dies with its process.
 * - Orphans of an earlier stack are gone before anything starts: apps first, while the services
 *   they finish their work with are still there.
 * - A start that fails or is abandoned stops whatever it had started.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { composeDown } from '../services/docker/compose';
import { FIREBASE_PROJECT } from '../services/firebase/firebase-service';
import { javaProblem } from '../bootstrap/java-tools.cjs';
import { claimFile } from './owned-file';
import type { Progress } from '../processes/progress';
import { isServiceProcess, type ServiceName } from '../services/service';
import { planServices, type ServicePlan } from '../services/service-plan';
import { startServices, type RunningService } from '../services/service-start';
import { servicesWith } from '../services/services';
import { StackError } from './stack-error';
import { makeFolders, wipeData, type StackFolders } from './stack-folders';
import { stopLeftover, type ProcessExit } from '../processes/supervised-process';
import { beginLater, undoAll, type Underway, type Undo } from './underway';

export type { RunningService } from '../services/service-start';

export interface StackOptions {
  readonly folders: StackFolders;
  readonly only: readonly ServiceName[];
  /** Of Kafka, where it is started here; 1 unless told otherwise. */
  readonly brokers?: number;
  /** Starts from empty data folders. */
  readonly fresh: boolean;
  readonly environment: NodeJS.ProcessEnv;
  readonly progress: Progress;
  /** Aborting it makes a start in progress stop what it started, and reject with STOPPED. */
  readonly abandon: AbortSignal;
}

export interface Stack {
  readonly services: readonly RunningService[];
  /** The variables by which apps and tests find the services. */
  readonly environment: Readonly<Record<string, string>>;
  readonly folders: StackFolders;
  /** How many Kafka has here; 1 where it was started elsewhere. */
  readonly brokers: number;
  /** Told when a service ends by itself; the stack does not restart it. */
  readonly onServiceExit: (listener: (name: ServiceName, exit: ProcessExit) => void) => void;
  /** Everything the stack started is gone when it resolves. May be called twice. */
  readonly stop: () => Promise<void>;
}

/** Of an orphan, whatever it is. */
const ORPHAN_STOP_WITHIN_MS = 15_000;

export async function startStack(options: StackOptions): Promise<Stack> {
  const services = servicesWith({ brokers: options.brokers ?? 1 });
  const plans = planServices(services, options.only, options.environment);
  if (plans.some((plan) => plan.kind === 'local' && plan.service.needsJava)) requireJava();
  makeFolders(options.folders);
  const lock = claimStack(options.folders);
  const underway: Underway = { undo: [lock], later: [] };
  try {
    await stopLeftovers(options);
    if (options.fresh) await wipe(options, plans);
    const running = await startServices(plans, options, underway);
    beginLater(underway);
    return new StartedStack(running, options, underway.undo);
  } catch (error) {
    // Why it did not start is what counts; what went wrong in cleaning up follows from it.
    await undoAll(underway.undo);
    throw error;
  }
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
  const stopOne = async (name: string): Promise<void> => {
    const file = path.join(folders.run, `${name}.pid`);
    if (await stopLeftover(file, ORPHAN_STOP_WITHIN_MS)) {
      progress.say(`Stopped ${name}, which an earlier run had left running.`);
    }
  };
  const stopAll = async (some: readonly string[]): Promise<void> => {
    await Promise.all(some.map(stopOne));
  };
  await stopAll(names.filter((name) => !isServiceProcess(name)));
  await stopAll(names.filter(isServiceProcess));
}

async function wipe(options: StackOptions, plans: readonly ServicePlan[]): Promise<void> {
  wipeData(options.folders);
  if (plans.some((plan) => plan.kind === 'docker')) await composeDown(options.abandon);
}

class StartedStack implements Stack {
  readonly environment: Readonly<Record<string, string>>;
  readonly folders: StackFolders;
  readonly brokers: number;
  private stopping: Promise<void> | undefined;

  constructor(
    readonly services: readonly RunningService[],
    options: StackOptions,
    private readonly undo: Undo,
  ) {
    this.folders = options.folders;
    const kafka = services.find(({ name }) => name === 'kafka')?.origin;
    this.brokers = kafka?.kind === 'local' ? kafka.processes.length : 1;
    // An emulator that somebody else started has the project that they named.
    const { GCLOUD_PROJECT: named = '' } = options.environment;
    this.environment = {
      ...Object.fromEntries(services.map(({ variable, address }) => [variable, address])),
      GCLOUD_PROJECT: named === '' ? FIREBASE_PROJECT : named,
    };
  }

  onServiceExit(listener: (name: ServiceName, exit: ProcessExit) => void): void {
    for (const { name, origin } of this.services) {
      if (origin.kind !== 'local') continue;
      for (const process of origin.processes) process.onExit((exit) => listener(name, exit));
    }
  }

  stop(): Promise<void> {
    this.stopping ??= this.undoOnce();
    return this.stopping;
  }

  private async undoOnce(): Promise<void> {
    const failures = await undoAll(this.undo);
    if (failures.length > 0) throw new AggregateError(failures, 'The stack did not stop cleanly.');
  }
}
