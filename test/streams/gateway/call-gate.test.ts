import { CallGate } from '../../../streams/gateway/call-gate';
import { gatewayDefaults } from '../../../streams/gateway/settings';
import { ManualClock } from '../../../platform/manual-clock';
import { idle } from './scripted-paypay';

const never = new AbortController().signal;
const poll = { urgency: 'POLL', since: 0 } as const;

function enterAll(gate: CallGate, names: readonly string[], entered: string[]): void {
  for (const name of names) {
    void gate.enter(poll, never).then((admitted) => {
      if (admitted) entered.push(name);
    });
  }
}

test('no more calls are under way than the limit, first come first served', async () => {
  const clock = new ManualClock(0);
  const gate = new CallGate({ ...gatewayDefaults, callsInFlightMax: 2 }, clock);
  const entered: string[] = [];
  enterAll(gate, ['a', 'b', 'c', 'd'], entered);
  await idle();
  expect(entered).toEqual(['a', 'b']);
  gate.leave('called');
  await idle();
  expect(entered).toEqual(['a', 'b', 'c']);
});

test('calls beyond the budget wait until it has filled again', async () => {
  const clock = new ManualClock(0);
  const gate = new CallGate({ ...gatewayDefaults, callsPerSecond: 10, callsBurst: 1 }, clock);
  const entered: string[] = [];
  enterAll(gate, ['a', 'b', 'c'], entered);
  await idle();
  expect(entered).toEqual(['a']);
  for (const [time, expected] of [
    [99, ['a']],
    [100, ['a', 'b']],
    [200, ['a', 'b', 'c']],
  ] as const) {
    clock.moveTo(time);
    await idle();
    expect(entered).toEqual(expected);
  }
});

test('who gives up waiting leaves the place to the next', async () => {
  const gate = new CallGate({ ...gatewayDefaults, callsInFlightMax: 1 }, new ManualClock(0));
  const impatient = new AbortController();
  const entered: string[] = [];
  enterAll(gate, ['a'], entered);
  const second = gate.enter(poll, impatient.signal);
  enterAll(gate, ['c'], entered);
  impatient.abort();
  expect(await second).toBe(false);
  gate.leave('called');
  await idle();
  expect(entered).toEqual(['a', 'c']);
  expect(await gate.enter(poll, impatient.signal)).toBe(false);
});

test('a call that was not made after all leaves its budget to the next', async () => {
  const rate = { callsPerSecond: 1, callsBurst: 1 };
  const gate = new CallGate({ ...gatewayDefaults, ...rate }, new ManualClock(0));
  const entered: string[] = [];
  enterAll(gate, ['a', 'b', 'c'], entered);
  await idle();
  expect(entered).toEqual(['a']);
  gate.leave('not-called');
  await idle();
  expect(entered).toEqual(['a', 'b']);
  gate.leave('called');
  await idle();
  expect(entered).toEqual(['a', 'b']);
});

test('a process with a third of the partitions spends a third of the budget', async () => {
  const clock = new ManualClock(0);
  const gate = new CallGate({ ...gatewayDefaults, callsPerSecond: 30, callsBurst: 3 }, clock);
  gate.takeShare(1 / 3);
  const entered: string[] = [];
  enterAll(gate, ['a', 'b', 'c'], entered);
  await idle();
  expect(entered).toEqual(['a']);
  for (const [time, count] of [
    [99, 1],
    [100, 2],
    [200, 3],
  ] as const) {
    clock.moveTo(time);
    await idle();
    expect(entered).toHaveLength(count);
  }
});
