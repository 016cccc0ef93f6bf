import { Host } from '../../../proof/simulation/host';
import { Random } from '../../../proof/simulation/random';
import { Scheduler } from '../../../proof/simulation/scheduler';
import { noTrace } from '../../../proof/simulation/trace';

const START = 1_000;

function startHost() {
  const random = new Random(1);
  const scheduler = new Scheduler(START, random.fork('order'));
  let deaths = 0;
  const host = new Host({
    name: 'process',
    scheduler,
    random,
    faults: () => undefined,
    skewMs: 50,
    trace: noTrace,
    onDeath: () => (deaths += 1),
  });
  return { scheduler, host, deaths: () => deaths };
}

test('what a process asked takes effect though it dies before the answer', async () => {
  const { scheduler, host, deaths } = startHost();
  let served = 0;
  let answered = false;
  void host.ask('write', () => (served += 1)).then(() => (answered = true));
  host.kill('by the test');
  await scheduler.runUntil(START + 100);
  expect([served, answered, deaths()]).toEqual([1, false, 1]);
});

test('a frozen process goes on where it was when it wakes', async () => {
  const { scheduler, host } = startHost();
  const slept: number[] = [];
  void host.clock.sleep(100).then(() => slept.push(scheduler.now));
  host.freeze();
  await scheduler.runUntil(START + 500);
  expect(slept).toEqual([]);
  host.wake();
  await scheduler.runUntil(START + 501);
  expect(slept).toEqual([START + 500]);
});

test('its clock is off by its skew, and a sleep ends when it is told to', async () => {
  const { scheduler, host } = startHost();
  const end = new AbortController();
  let woken = false;
  void host.clock.sleep(1_000, end.signal).then(() => (woken = true));
  end.abort();
  await scheduler.runUntil(START);
  expect([host.clock.now(), woken]).toEqual([START + 50, true]);
});

test('a dead process hears and writes nothing more', async () => {
  const { scheduler, host } = startHost();
  host.kill('by the test');
  let written = 0;
  void host.write('store.write', () => (written += 1));
  host.link.tell(() => (written += 1));
  await scheduler.runUntil(START + 100);
  expect(written).toBe(0);
});
