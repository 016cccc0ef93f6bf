/**
 * `npm run chaos -- --orders N --kills K --seed S [--brokers 3] [--rate R] [--var FOLDER]`: a
 * product of its own, every app in a process of its own, under load, while its processes and
 * services are killed with SIGKILL and started again. Status 0 only when nothing speaks against it;
 * the figures are left in the folder as `chaos-report.json`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runChaos, type ChaosOptions, type ChaosSubject } from './chaos';
import { faultsOf, figuresOf, reportOf } from './report';
import type { Target } from './victim';
import { WATCH_AFTER_MS } from './paypay-books';
import { runCommand } from '../../local/processes/command-runner';
import type { StreamsLayout } from '../../local/pipeline/pipeline';
import { startProduct, type Product } from '../../local/pipeline/product';
import { progressOn, type Progress } from '../../local/processes/progress';
import { keepRunning } from '../../local/processes/restarts';
import { parseBrokers } from '../../local/stack/stack-arguments';
import { StackError } from '../../local/stack/stack-error';
import { projectFolder } from '../../local/stack/stack-folders';
import type { StopRequest } from '../../local/processes/stop-signals';
import { interrupted, subjectOf, wholeNumber } from './subject';

/** Views first: they are stopped last, when nothing more is written that they would lack. */
const APPS = ['views', 'gateway', 'orders', 'inventory', 'accounts', 'payments', 'alerts'];
/** Killed and started again. Not the people's emulator: it forgets them when it ends. */
const SERVICES: readonly string[] = ['kafka', 'registry', 'postgres', 'redis'];

/** A shop's settings with times of seconds, so that every order ends within the run. */
const SETTINGS = {
  GATEWAY_CALLS_PER_SECOND: '500',
  PAYMENTS_LIFETIME_MS: '40000',
  PAYMENTS_WATCH_AFTER_MS: WATCH_AFTER_MS.join(','),
  // Notifications of orders that never come would keep the log growing for a quarter of an hour.
  PAYMENTS_PARK_MS: '30000',
  LOG_LEVEL: 'info',
};

async function chaos(args: readonly string[], stop: StopRequest): Promise<number> {
  const { varFolder, ...options } = parse(args);
  const { brokers } = options;
  const stepFolder = path.join(varFolder, 'steps');
  mkdirSync(stepFolder, { recursive: true });
  Object.assign(process.env, SETTINGS, { CHAOS_STEPS: stepFolder });
  const progress = progressOn();
  const product = await startProduct(
    { varFolder, fresh: true, brokers, streams: oneProcessEach() },
    stop,
    progress,
  );
  const over = new AbortController();
  try {
    keepServicesRunning(product, progress, AbortSignal.any([stop.asked, over.signal]));
    const run = await Promise.race([
      runChaos(chaosSubject(product, stepFolder), {
        ...options,
        say: (line) => progress.say(line),
      }),
      interrupted(stop),
    ]);
    writeFileSync(
      path.join(varFolder, 'chaos-report.json'),
      `${JSON.stringify(figuresOf(run), null, 2)}\n`,
    );
    console.log(reportOf(run));
    return faultsOf(run).length === 0 ? 0 : 1;
  } finally {
    over.abort();
    await product.stop();
  }
}

type Parsed = Omit<ChaosOptions, 'say'> & { readonly varFolder: string };

function parse(args: readonly string[]): Parsed {
  const { values } = parseArgs({
    args: [...args],
    options: {
      orders: { type: 'string', default: '2000' },
      kills: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      rate: { type: 'string', default: '60' },
      brokers: { type: 'string' },
      var: { type: 'string', default: path.join(projectFolder, 'var', 'chaos') },
    },
  });
  return {
    orders: wholeNumber('orders', values.orders, 1),
    kills: wholeNumber('kills', values.kills, 0),
    seed: wholeNumber('seed', values.seed, 0),
    ratePerS: wholeNumber('rate', values.rate, 1),
    brokers: parseBrokers(values.brokers),
    varFolder: path.resolve(values.var),
  };
}

function oneProcessEach(): StreamsLayout {
  return {
    script: 'proof/chaos/streams-process',
    processes: APPS.map((app) => ({ name: app, apps: app, instance: 'one' })),
  };
}

/** The stack itself starts no service again: a developer is to see that one died. */
function keepServicesRunning({ stack }: Product, progress: Progress, abandon: AbortSignal): void {
  for (const { name, origin } of stack.services) {
    if (origin.kind !== 'local') {
      throw new StackError('BAD_ARGUMENTS', `${name} was started elsewhere; chaos would kill it.`);
    }
    for (const process of origin.processes) keepRunning(process, progress, abandon);
  }
}

function chaosSubject(product: Product, stepFolder: string): ChaosSubject {
  const { pipeline, stack } = product;
  const ofServices = stack.services
    .filter(({ name }) => SERVICES.includes(name))
    .flatMap(({ origin }) => (origin.kind === 'local' ? origin.processes : []));
  const ofApps = [...pipeline.processes.values()].filter(({ spec }) => spec.name !== 'simulator');
  const targets = [...ofApps, ...ofServices].map((process): Target => ({
    name: process.spec.name,
    pid: () => process.pid,
  }));
  return { ...subjectOf(product), stepFolder, targets };
}

runCommand(chaos);
