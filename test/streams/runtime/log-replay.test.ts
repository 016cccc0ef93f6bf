import { recordTypes } from '../../../schemas/avro-types';
import type { LogRecord } from '../../../streams/runtime/broker';
import { LogReplay } from '../../../streams/runtime/log-replay';
import { deadLetters } from '../../../topics/dead-letters';
import { GRACE_MS, answer, probe, request } from './probe-app';

const { app, requests, answers } = probe();

function recordAt(topic: string, timestamp: number): LogRecord {
  return { topic, partition: 0, offset: 0, timestamp, key: null, value: null, headers: {} };
}

const requested = (orderId: string, at: number) => ({
  kind: 'event' as const,
  event: request(orderId),
  record: recordAt(requests.name, at),
  keys: app.keys(request(orderId)),
});
const answered = (orderId: string, at: number) => ({
  kind: 'event' as const,
  event: answer(orderId),
  record: recordAt(answers.name, at),
  keys: app.keys(answer(orderId)),
});

const replay = () => new LogReplay({ records: recordTypes, app, deadLetters });

test('T1: a timer fires before the record that was logged at its time', () => {
  const log = replay();
  expect(log.handle(requested('o1', 100))).toEqual([]);
  expect(log.handle(answered('o1', 100 + GRACE_MS))).toMatchObject([
    { type: 'FundsReleased', occurredAt: 100 + GRACE_MS },
    { type: 'FundsCaptured' },
  ]);
});

test('T1: an answer logged before the deadline holds the timer back', () => {
  const log = replay();
  log.handle(requested('o1', 100));
  expect(log.handle(answered('o1', 99 + GRACE_MS))).toMatchObject([{ type: 'FundsCaptured' }]);
  expect(log.advance(100 * GRACE_MS)).toEqual([]);
});

test('timers fire in the order in which they are due', () => {
  const log = replay();
  log.handle(requested('o2', 200));
  log.handle(requested('o1', 300));
  expect(log.advance(199 + GRACE_MS)).toEqual([]);
  expect(log.advance(1_000 + GRACE_MS)).toMatchObject([{ orderId: 'o2' }, { orderId: 'o1' }]);
});

test('D1: a record that is no event is a dead letter and changes nothing', () => {
  const log = replay();
  log.handle(requested('o1', 100));
  const record = recordAt(answers.name, 110);
  const letters = log.handle({ kind: 'bad', record, errorCode: 'NO_VALUE', reason: '0 bytes' });
  expect(letters).toMatchObject([{ type: 'DeadLetter', errorCode: 'NO_VALUE' }]);
  expect(log.advance(100 + GRACE_MS)).toMatchObject([{ type: 'FundsReleased', orderId: 'o1' }]);
});
