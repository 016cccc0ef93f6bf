import { recordTypes } from '../../../../schemas/avro-types';
import { Codec } from '../../../../platform/avro/codec';
import { TASK_LIMITS } from '../../../../streams/runtime/limits';
import { TopologyTestDriver } from '../../../../streams/runtime/test-driver';
import { GRACE_MS, answer, forget, probe, request } from '../probe-app';

const START = 1_000_000;
const { app, requests, answers, results } = probe();

async function start(): Promise<TopologyTestDriver> {
  return TopologyTestDriver.start([app], { records: recordTypes, startAt: START });
}

describe('timers in log time (T1)', () => {
  test('a timer fires when its time has passed on every input and nothing answered', async () => {
    const driver = await start();
    await driver.pipe(requests, request('o1'));
    await driver.advance(GRACE_MS - 1);
    expect(driver.take(results)).toEqual([]);
    await driver.advance(1);
    expect(driver.take(results)).toMatchObject([
      { type: 'FundsReleased', orderId: 'o1', occurredAt: START + GRACE_MS },
    ]);
  });

  test('an answer before the deadline holds the timer back for good', async () => {
    const driver = await start();
    await driver.pipe(requests, request('o1'));
    await driver.advance(GRACE_MS - 1);
    await driver.pipe(answers, answer('o1'));
    await driver.advance(10 * GRACE_MS);
    expect(driver.take(results)).toMatchObject([{ type: 'FundsCaptured' }]);
  });

  test('an answer logged at the deadline comes after the timer', async () => {
    const driver = await start();
    await driver.pipe(requests, request('o1'));
    driver.clock.moveTo(START + GRACE_MS);
    await driver.pipe(answers, answer('o1'));
    expect(driver.take(results)).toMatchObject([
      { type: 'FundsReleased' },
      { type: 'FundsCaptured' },
    ]);
  });

  test('a backlog read long after the deadline raises nothing that the log answers in time', async () => {
    const driver = await start();
    for (let order = 0; order < 500; order += 1)
      driver.append(requests, request(`o${String(order)}`));
    driver.clock.moveTo(START + GRACE_MS - 1);
    for (let order = 0; order < 500; order += 1)
      driver.append(answers, answer(`o${String(order)}`));
    driver.clock.moveTo(START + 100 * GRACE_MS);
    await driver.advance(0);
    const seen = driver.take(results);
    expect(seen).toHaveLength(500);
    expect(seen.every(({ type }) => type === 'FundsCaptured')).toBe(true);
  });

  test('a timer of a deleted state does not fire', async () => {
    const driver = await start();
    await driver.pipe(requests, request('o1'), forget('o1'));
    await driver.advance(10 * GRACE_MS);
    expect(driver.take(results)).toEqual([]);
  });
});

describe('restarts (S1, S2)', () => {
  test.each(['kept', 'lost'] as const)(
    'with its store %s a task goes on where it was',
    async (store) => {
      const driver = await start();
      await driver.pipe(requests, request('o1'), request('o2'));
      await driver.pipe(answers, answer('o1'));
      await driver.restart('probe', { store });
      expect(await driver.state('probe', 'o2')).toMatchObject({ type: 'LimitChangeState' });
      await driver.advance(GRACE_MS);
      expect(driver.take(results)).toMatchObject([
        { type: 'FundsCaptured', orderId: 'o1' },
        { type: 'FundsReleased', orderId: 'o2' },
      ]);
      await driver.restart('probe', { store });
      await driver.advance(10 * GRACE_MS);
      expect(driver.take(results)).toEqual([]);
    },
  );
});

describe('dead letters (D1)', () => {
  test('bytes that are no event are kept with their reason and the partition goes on', async () => {
    const driver = await start();
    await driver.pipeBytes(requests, 'o1', Buffer.from('garbage'));
    await driver.pipeBytes(requests, 'o1', null);
    await driver.pipe(requests, request('o1'));
    expect(driver.deadLetters()).toMatchObject([
      {
        app: 'probe',
        topic: 'probe.requests',
        offset: 0,
        errorCode: 'NOT_WIRE_FORMAT',
        valueBytes: 7,
      },
      { offset: 1, errorCode: 'NO_VALUE', value: null },
    ]);
    expect(await driver.state('probe', 'o1')).toBeDefined();
  });

  test('what a rejected or failed handler had done is taken back', async () => {
    const driver = await start();
    await driver.pipe(requests, request('o1', -5), request('o2', 13));
    expect(driver.deadLetters()).toMatchObject([
      { errorCode: 'NEGATIVE', reason: 'amount is -5' },
      { errorCode: 'HANDLER_FAILED', reason: 'an unlucky amount' },
    ]);
    expect(await driver.state('probe', 'o1')).toBeUndefined();
    await driver.advance(10 * GRACE_MS);
    expect(driver.take(results)).toEqual([]);
  });

  test('a state that does not fit its schema is a dead letter, the others of its commit count', async () => {
    const driver = await start();
    driver.append(requests, request('o1'));
    const offset = driver.append(requests, request('o2', 14));
    driver.append(requests, request('o3'));
    await driver.pipe(answers, answer('o3'));
    expect(driver.deadLetters()).toMatchObject([
      { offset, errorCode: 'NOT_ENCODABLE', reason: 'LimitChangeState: changeEventId is 14' },
    ]);
    expect(await driver.state('probe', 'o2')).toBeUndefined();
    await driver.advance(GRACE_MS);
    expect(driver.take(results)).toMatchObject([
      { type: 'FundsCaptured', orderId: 'o3' },
      { type: 'FundsReleased', orderId: 'o1' },
    ]);
  });

  test('what a handler rejects stops nobody, however often it is sent', async () => {
    const driver = await start();
    for (let sent = 0; sent <= TASK_LIMITS.deadLettersPerMinuteMax; sent += 1) {
      driver.append(requests, request('o1', -1));
    }
    await driver.pipe(requests, request('o2'));
    expect(driver.deadLetters()).toHaveLength(TASK_LIMITS.deadLettersPerMinuteMax + 1);
    expect(await driver.state('probe', 'o2')).toBeDefined();
  });

  test('a letter is cut to what fits, whatever of its record was large', async () => {
    const driver = await start();
    await driver.pipeBytes(requests, 'k'.repeat(600_000), Buffer.alloc(900_000, 'x'));
    const [letter] = driver.deadLetters();
    expect(letter?.key).toHaveLength(TASK_LIMITS.deadLetterKeyBytesMax);
    expect(letter?.value).toHaveLength(TASK_LIMITS.deadLetterValueBytesMax);
    expect(letter).toMatchObject({ valueBytes: 900_000 });
  });

  test('an event that does not belong on the topic is refused', async () => {
    const driver = await start();
    driver.append(answers, answer('o1'));
    const [letter] = driver.broker.recordsOf({ topic: answers.name, partition: 0 });
    await driver.pipeBytes(requests, 'o1', letter?.value ?? null);
    expect(driver.deadLetters()).toMatchObject([{ errorCode: 'UNEXPECTED_TYPE' }]);
  });
});

test('a record of a type that the app does not heed is passed over, whatever its body', async () => {
  const deaf = { ...app, heeds: ['FundsHoldRequested', 'FundsHeld'] as const };
  const driver = await TopologyTestDriver.start([deaf], { records: recordTypes, startAt: START });
  await driver.pipe(requests, request('o1'));
  const codec = Codec.local(recordTypes, [requests]);
  const value = codec.encode(requests.name, forget('o1'));
  await driver.pipeBytes(requests, 'o1', value.subarray(0, 8));
  expect(driver.deadLetters()).toEqual([]);
  expect(await driver.state('probe', 'o1')).toMatchObject({ type: 'LimitChangeState' });
});

test('a handler that touches a key which it did not declare ends the app, known or not', async () => {
  const keys = ({ orderId }: { readonly orderId: string }) => (orderId === 'o2' ? [] : [orderId]);
  const careless = { ...app, keys: keys as (typeof app)['keys'] };
  const driver = await TopologyTestDriver.start([careless], {
    records: recordTypes,
    startAt: START,
  });
  await driver.pipe(requests, request('o1'));
  await expect(driver.pipe(requests, request('o2'))).rejects.toMatchObject({
    code: 'UNDECLARED_KEY',
  });
});

test('what is emitted is the same in every run', async () => {
  const ids = async () => {
    const driver = await start();
    await driver.pipe(requests, request('o1'), request('o2'));
    await driver.pipe(answers, answer('o2'));
    await driver.advance(GRACE_MS);
    return driver.events(results).map(({ eventId }) => eventId);
  };
  const first = await ids();
  expect(first).toHaveLength(2);
  expect(await ids()).toEqual(first);
});
