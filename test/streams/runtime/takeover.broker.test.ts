/** How soon others go on after a kill, and that nobody is taken for dead who is only busy. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { systemClock } from '../../../platform/clock';
import { partitionFor } from '../../../streams/runtime/kafka/partitioner';
import { WORKER_LIMITS } from '../../../streams/runtime/limits';
import type { RunningApp } from '../../../streams/runtime/running-app';
import { answer } from './probe-app';
import { PARTITIONS, ProbeFixture, eventually } from './probe-fixture';

jest.setTimeout(120_000);

/** What an operator is told: another process has taken over by then. */
const TAKEN_OVER_WITHIN_MS = 10_000;

let fixture: ProbeFixture;
const children: ChildProcess[] = [];

beforeEach(async () => {
  fixture = await ProbeFixture.open('takeover');
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await fixture.close();
});

function startChild(...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  children.push(child);
  return child;
}

function heldBy(worker: RunningApp): readonly number[] {
  return worker.health().tasks.flatMap((task) => (task.state === 'running' ? task.partition : []));
}

/** As many orders as asked for, all in one partition. */
function ordersIn(partition: number, count: number): readonly string[] {
  const orders: string[] = [];
  for (let number = 0; orders.length < count; number += 1) {
    const order = `o${String(number)}`;
    if (partitionFor(order, PARTITIONS) === partition) orders.push(order);
  }
  return orders;
}

test('what a killed process held is handled by another one within ten seconds', async () => {
  const { worker } = await fixture.startWorker('survivor');
  const script = join(__dirname, 'probe-process.ts');
  const child = startChild('--import', 'tsx', script, fixture.prefix, fixture.data, 'victim');
  await eventually('the two share the partitions', () => heldBy(worker).length === 1);
  const [kept] = heldBy(worker);
  const taken = [0, 1].find((partition) => partition !== kept) ?? 0;
  const [before = '', after = ''] = ordersIn(taken, 2);
  await fixture.write(fixture.answers, answer(before));
  await eventually(
    'the other one works',
    async () => (await fixture.read(fixture.results)).length === 1,
  );
  child.kill('SIGKILL');
  await once(child, 'exit');
  const killedAt = systemClock.now();
  await fixture.write(fixture.answers, answer(after));
  await eventually(
    'the survivor has handled it',
    async () => (await fixture.read(fixture.results)).length === 2,
  );
  expect(systemClock.now() - killedAt).toBeLessThan(TAKEN_OVER_WITHIN_MS);
  expect(heldBy(worker)).toEqual([0, 1]);
});

test('B1: a member under load, on a machine that is busy, keeps its place for longer than a session', async () => {
  await fixture.startWorker('one');
  // More of them than processors: the worker gets a part of one.
  for (let burner = 0; burner < 4; burner += 1) startChild('-e', 'for (;;);');
  const assigned = () => fixture.logged.filter(({ message }) => message === 'partitions assigned');
  const until = systemClock.now() + 1.5 * WORKER_LIMITS.sessionTimeoutMs;
  let written = 0;
  while (systemClock.now() < until) {
    const orders = Array.from({ length: 2_000 }, (_, n) => answer(`l${String(written + n)}`));
    await fixture.write(fixture.answers, ...orders);
    written += orders.length;
  }
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await eventually(
    'all is handled',
    async () => (await fixture.read(fixture.results)).length >= written,
  );
  expect(await fixture.read(fixture.results)).toHaveLength(written);
  expect(assigned()).toHaveLength(1);
  expect(fixture.logged.map(({ message }) => message)).not.toContain('lost group membership');
});
