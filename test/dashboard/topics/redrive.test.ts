import type { DeadLetterState, DeadLetterView } from '../../../edge/contract/api-types';
import { outlookOf, reasonsOf } from '../../../dashboard/topics/redrive';

function letter(app: string, errorCode: string, offset: number): DeadLetterView {
  return {
    ...{ app, errorCode, topic: 'orders.events.v1', partition: 0, offset },
    ...{ key: null, value: null, valueBytes: 0, reason: 'why', occurredAt: 0, loggedAt: 0 },
  };
}

function state(eventId: string, kind: DeadLetterState['state']): DeadLetterState {
  return {
    ...{ eventId, app: 'views', errorCode: 'UNDECODABLE', topic: 'orders.events.v1' },
    ...{ partition: 0, offset: 1, state: kind, detail: kind === 'lost' ? 'it is gone' : null },
  };
}

test('letters are counted by app and code, the commonest first', () => {
  const letters = [
    letter('views', 'UNDECODABLE', 1),
    letter('orders', 'HANDLER_FAILED', 2),
    letter('orders', 'HANDLER_FAILED', 3),
    letter('orders', 'UNDECODABLE', 4),
  ];
  expect(reasonsOf(letters)).toEqual([
    { app: 'orders', errorCode: 'HANDLER_FAILED', count: 2 },
    { app: 'orders', errorCode: 'UNDECODABLE', count: 1 },
    { app: 'views', errorCode: 'UNDECODABLE', count: 1 },
  ]);
});

test('only those that wait would be written again', () => {
  const letters = [state('a', 'waiting'), state('b', 'redriven'), state('c', 'lost')];
  const { waiting, redriven, lost } = outlookOf(letters);
  expect(waiting.map(({ eventId }) => eventId)).toEqual(['a']);
  expect(redriven).toBe(1);
  expect(lost.map(({ detail }) => detail)).toEqual(['it is gone']);
});
