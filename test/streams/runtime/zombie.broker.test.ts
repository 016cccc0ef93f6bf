/**
 * A process that stops (a frozen virtual machine, a laptop's lid) for longer than its session lasts,
 * and then goes on where it was: others have its tasks by then.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { partitionFor } from '../../../streams/runtime/kafka/partitioner';
import { request } from './probe-app';
import { PARTITIONS, ProbeFixture, eventually } from './probe-fixture';

jest.setTimeout(180_000);

let fixture: ProbeFixture;
let zombie: ChildProcess | undefined;
const said: string[] = [];

afterEach(async () => {
  if (zombie?.pid !== undefined && zombie.exitCode === null) {
    const gone = once(zombie, 'exit');
    process.kill(zombie.pid, 'SIGKILL');
    await gone;
  }
  await fixture.close();
});

function startZombie(): { readonly pid: number } {
  const script = join(__dirname, 'probe-process.ts');
  const args = ['--import', 'tsx', script, fixture.prefix, fixture.data, 'zombie'];
  zombie = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (zombie.stdout === null || zombie.pid === undefined) throw new Error('it cannot be started');
  createInterface({ input: zombie.stdout }).on('line', (line) => said.push(line));
  return { pid: zombie.pid };
}

/** One order in each partition, so that every task has something to do. */
function orders(round: string): string[] {
  return Array.from({ length: PARTITIONS }, (_, partition) => {
    const ids = Array.from({ length: 50 }, (__, index) => `${round}-${String(index)}`);
    const found = ids.find((id) => partitionFor(id, PARTITIONS) === partition);
    if (found === undefined) throw new Error(`no order of partition ${String(partition)}`);
    return found;
  });
}

async function handled(round: string): Promise<void> {
  const ids = orders(round);
  await fixture.write(fixture.requests, ...ids.map((id) => request(id)));
  await eventually(`the orders of ${round} are handled`, async () => {
    const results = new Set((await fixture.read(fixture.results)).map(({ orderId }) => orderId));
    return ids.every((id) => results.has(id));
  });
}

function assignments(): number {
  return said.filter((line) => line.includes('partitions assigned')).length;
}

test('a process that sleeps past its session is replaced, and when it wakes rejoins by itself', async () => {
  fixture = await ProbeFixture.open('sleeper');
  const { pid } = startZombie();
  await eventually('it has its tasks', () => assignments() > 0);
  await handled('before');
  process.kill(pid, 'SIGSTOP');
  const { worker } = await fixture.startWorker('successor');
  await eventually('the other process has all of its tasks', () => {
    const { tasks } = worker.health();
    return tasks.length === PARTITIONS && tasks.every(({ state }) => state === 'running');
  });
  await handled('while it sleeps');
  const before = assignments();
  process.kill(pid, 'SIGCONT');
  await eventually('it is back in the group', () => assignments() > before);
  await eventually('each of the two has its share', () => {
    const { tasks } = worker.health();
    return tasks.length < PARTITIONS && tasks.every(({ state }) => state === 'running');
  });
  await handled('after');
  const results = (await fixture.read(fixture.results)).map(({ orderId }) => orderId);
  const all = ['before', 'while it sleeps', 'after'].flatMap(orders);
  expect(results.sort()).toEqual(all.sort());
  expect(zombie?.exitCode).toBeNull();
  expect(said.some((line) => line.includes('lost group membership'))).toBe(true);
});
