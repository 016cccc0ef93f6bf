import { setImmediate as turn } from 'node:timers/promises';
import { RegistryUnreachableError } from '../../../platform/avro/schema-registry';
import { PatientApp, type StartedApp } from '../../../streams/runtime/patient-app';
import { RuntimeError } from '../../../streams/runtime/errors';
import { WORKER_LIMITS } from '../../../streams/runtime/limits';
import { ManualClock } from '../../../platform/manual-clock';
import type { RunningApp } from '../../../streams/runtime/running-app';

/** An app that runs until it is stopped. */
class IdleApp implements RunningApp {
  readonly name = 'idle';
  stops = 0;
  private end!: () => void;
  readonly ended = new Promise<void>((resolve) => {
    this.end = resolve;
  });

  health() {
    return { state: 'running', tasks: [] } as const;
  }

  pause(): void {
    throw new Error('not asked for here');
  }

  resume(): void {
    throw new Error('not asked for here');
  }

  stop(): Promise<void> {
    this.stops += 1;
    this.end();
    return Promise.resolve();
  }
}

const clock = new ManualClock(1_000);
let app: IdleApp;
let released: number;
let told: string[];

beforeEach(() => {
  app = new IdleApp();
  released = 0;
  told = [];
});

function patient(start: () => Promise<StartedApp>): PatientApp {
  const keep = (fields: object) => told.push((fields as { reason: string }).reason);
  const logger = { info: keep, warn: keep, error: keep };
  return new PatientApp({ name: 'idle', start, clock, logger });
}

function started(): StartedApp {
  return {
    app,
    release: () => {
      released += 1;
      return Promise.resolve();
    },
  };
}

async function turns(): Promise<void> {
  for (let n = 0; n < 20; n += 1) await turn();
}

async function pass(ms: number): Promise<void> {
  clock.moveTo(clock.now() + ms);
  await turns();
}

test('B1: Kafka and the registry are waited for, each reason told once, and then it is the app', async () => {
  const reasons = [
    new RuntimeError('BROKER_UNREACHABLE', 'no broker'),
    new RuntimeError('BROKER_UNREACHABLE', 'no broker'),
    new RegistryUnreachableError('http://registry'),
  ];
  const waiting = patient(() => {
    const reason = reasons.shift();
    return reason === undefined ? Promise.resolve(started()) : Promise.reject(reason);
  });
  await turns();
  expect(waiting.health()).toEqual({
    state: 'starting',
    tasks: [],
    detail: 'BROKER_UNREACHABLE: no broker',
  });
  await pass(WORKER_LIMITS.startRetryMs - 1);
  expect(reasons).toHaveLength(2);
  await pass(1);
  expect(reasons).toHaveLength(1);
  await pass(WORKER_LIMITS.startRetryMs);
  expect(waiting.health()).toMatchObject({ state: 'starting', detail: 'http://registry' });
  await pass(WORKER_LIMITS.startRetryMs);
  expect(waiting.health()).toEqual({ state: 'running', tasks: [] });
  expect(told).toEqual(['BROKER_UNREACHABLE: no broker', 'http://registry']);
  await waiting.stop();
  await waiting.ended;
  expect({ stops: app.stops, released }).toEqual({ stops: 1, released: 1 });
});

test('what no retry mends ends it with the reason', async () => {
  const refused = patient(() => Promise.reject(new Error('a bad schema')));
  await expect(refused.ended).rejects.toThrow('a bad schema');
  expect(refused.health()).toEqual({ state: 'failed', tasks: [], detail: 'a bad schema' });
  await refused.stop();
});

test('one that waits can be stopped', async () => {
  const waiting = patient(() => Promise.reject(new RuntimeError('BROKER_UNREACHABLE', 'away')));
  await turns();
  await waiting.stop();
  await waiting.ended;
});

test('one that begins while it is asked to stop is stopped and released', async () => {
  let begin!: (started: StartedApp) => void;
  const waiting = patient(() => new Promise((resolve) => (begin = resolve)));
  const stopped = waiting.stop();
  begin(started());
  await stopped;
  expect({ stops: app.stops, released }).toEqual({ stops: 1, released: 1 });
});

test('an attempt that hangs does not hold up the stop for long', async () => {
  const hanging = patient(() => new Promise(() => undefined));
  const stopped = hanging.stop();
  await pass(WORKER_LIMITS.giveUpMs);
  await stopped;
});
