/**
 * Owns the start of the services of a stack, side by side, each by its plan. Whatever it starts it
 * enters into the undo list at once, so that a failure of one can take back the others.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { composeStop, composeUp } from './docker/compose';
import { choosePort, type ChosenPort } from './port-choice';
import type { Progress } from '../processes/progress';
import { waitUntil } from './readiness';
import type { Service, ServiceName } from './service';
import type { ServicePlan } from './service-plan';
import { StackError } from '../stack/stack-error';
import type { StackFolders } from '../stack/stack-folders';
import { SupervisedProcess } from '../processes/supervised-process';
import type { Underway, Undo } from '../stack/underway';

export type ServiceOrigin =
  | { readonly kind: 'named' }
  | { readonly kind: 'docker' }
  | { readonly kind: 'local'; readonly processes: readonly SupervisedProcess[] };

export interface RunningService {
  readonly name: ServiceName;
  readonly variable: string;
  readonly address: string;
  readonly origin: ServiceOrigin;
}

interface StartOptions {
  readonly folders: StackFolders;
  readonly progress: Progress;
  readonly abandon: AbortSignal;
}

/** A service that was started elsewhere is expected to be up; this is for one that just starts. */
const ANSWER_WITHIN_MS = 20_000;

/**
 * In parallel. When one fails the others are abandoned and waited for, so that nothing starts
 * after the stop.
 */
export async function startServices(
  plans: readonly ServicePlan[],
  options: StartOptions,
  underway: Underway,
): Promise<readonly RunningService[]> {
  const failure = new AbortController();
  const abandon = AbortSignal.any([options.abandon, failure.signal]);
  const docker = startDocker(plans, { ...options, abandon }, underway.undo);
  let firstError: unknown;
  const results = await Promise.allSettled(
    plans.map(async (plan) => {
      try {
        return await startOne(plan, { ...options, abandon }, underway, docker);
      } catch (error) {
        if (!failure.signal.aborted) firstError = error;
        failure.abort();
        const stopped = error instanceof StackError && error.code === 'STOPPED';
        options.progress.show(plan.service.name, stopped ? 'stopped' : 'failed', '');
        throw error;
      }
    }),
  );
  if (failure.signal.aborted) throw firstError;
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

function startDocker(
  plans: readonly ServicePlan[],
  { abandon }: StartOptions,
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
  options: StartOptions,
  underway: Underway,
  docker: Promise<void>,
): Promise<RunningService> {
  const { service } = plan;
  const { name, variable } = service;
  switch (plan.kind) {
    case 'named':
      await awaitAnswer(
        service,
        plan.address,
        `Start it, or unset ${variable} to have one started.`,
        options,
      );
      options.progress.show(name, 'ready', `${plan.address}  (named by ${variable})`);
      return { name, variable, address: plan.address, origin: { kind: 'named' } };
    case 'docker': {
      options.progress.show(name, 'starting', 'by Docker Compose');
      await docker;
      const address = service.address(service.usualPorts);
      await awaitAnswer(service, address, `See "docker compose logs ${name}".`, options);
      options.progress.show(name, 'ready', `${address}  (Docker)`);
      return { name, variable, address, origin: { kind: 'docker' } };
    }
    case 'local':
      return startLocal(service, options, underway);
  }
}

/** For a service that somebody else started. */
async function awaitAnswer(
  service: Service,
  address: string,
  remedy: string,
  { progress, abandon }: StartOptions,
): Promise<void> {
  progress.show(service.name, 'waiting', `for ${address}`);
  const wait = await waitUntil(() => service.answers(address), {
    withinMs: ANSWER_WITHIN_MS,
    abandon,
  });
  if (wait.kind === 'held') return;
  if (wait.kind === 'abandoned') {
    throw new StackError('STOPPED', `Stopped while waiting for ${address}.`);
  }
  throw new StackError(
    'NAMED_SERVICE_SILENT',
    `No ${service.name} answers at ${address} (${wait.reason}). ${remedy}`,
  );
}

async function startLocal(
  service: Service,
  { folders, progress, abandon }: StartOptions,
  { undo, later }: Underway,
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
  const launches = await service.prepare({ data, cache: folders.cache, ports, abandon });
  const processes = launches.map(({ address: own, afterStart, ...launch }) => {
    const ready = () => service.answers(own);
    const process = new SupervisedProcess({ ...launch, folder: data, ready }, folders);
    undo.push(() => process.stop());
    later.push(async (stop) => {
      if (process.pid !== undefined) await afterStart?.(process.pid, stop);
    });
    return process;
  });
  // Side by side: one node of a cluster answers only once enough of the others are there.
  await Promise.all(processes.map((process) => process.start(abandon)));
  const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
  const moved = service.usualPorts.every((port, index) => port === ports[index])
    ? ''
    : `, port ${service.usualPorts.join('/')} is taken`;
  progress.show(name, 'ready', `${address}  (${seconds} s${moved})`);
  return { name, variable, address, origin: { kind: 'local', processes } };
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
