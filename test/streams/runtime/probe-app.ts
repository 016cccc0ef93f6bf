/**
 * A small app for the tests of the runtime: an order that asks for funds must hear within the
 * grace that they are held, else it is released. One answer too late, one too few, one too many:
 * all that timers, state and joins are about.
 */
import { orderHeader } from '../../../schemas/header';
import type { EventOf } from '../../../schemas/event';
import { changelogOf } from '../../../platform/changelog';
import { deadLettersTopic } from '../../../platform/dead-letters';
import { KEEP, defineTopic } from '../../../topics/topic';
import { defineApp } from '../../../streams/runtime/app';

export const GRACE_MS = 1_000;

/** Topics and app of one test; `prefix` keeps tests on one broker apart. */
export function probe(prefix = 'probe') {
  const requests = defineTopic({
    name: `${prefix}.requests`,
    types: ['FundsHoldRequested', 'FundsReleaseRequested'],
    key: (event) => event.orderId,
    cleanup: KEEP,
  });
  const answers = defineTopic({
    name: `${prefix}.answers`,
    types: ['FundsHeld'],
    key: (event) => event.orderId,
    cleanup: KEEP,
  });
  const results = defineTopic({
    name: `${prefix}.results`,
    types: ['FundsCaptured', 'FundsReleased'],
    key: (event) => event.orderId,
    cleanup: KEEP,
  });
  // Of its own: other tests make the real one, with another partition count.
  const deadLetters = deadLettersTopic(`${prefix}.dead-letters`);
  const app = defineApp({
    name: prefix,
    inputs: [requests, answers],
    outputs: [results],
    changelog: changelogOf(prefix, ['LimitChangeState']),
    keys: (event) => [event.orderId],
    handle(event, context) {
      const { orderId, userId, amount, currency } = event;
      const body = { userId, amount, currency };
      const known = context.get(orderId) !== undefined;
      switch (event.type) {
        case 'FundsHoldRequested':
          if (amount < 0) context.reject('NEGATIVE', `amount is ${String(amount)}`);
          if (amount === 13) throw new Error('an unlucky amount');
          if (known) return;
          if (amount === 14) {
            context.put(orderId, { ...stateOf(event.eventId), changeEventId: amount as never });
            return;
          }
          context.put(orderId, stateOf(event.eventId));
          context.setTimer(orderId, 'grace', context.now + GRACE_MS);
          return;
        case 'FundsHeld':
          context.emit(results, {
            type: 'FundsCaptured',
            ...orderHeader(context.cause, 'captured', orderId),
            ...body,
          });
          if (known) context.clearTimer(orderId, 'grace');
          else context.put(orderId, stateOf(event.eventId));
          return;
        case 'FundsReleaseRequested':
          context.delete(orderId);
      }
    },
    onTimer({ key }, context) {
      context.emit(results, {
        type: 'FundsReleased',
        ...orderHeader(context.cause, 'released', key),
        userId: 'nobody',
        amount: 0,
        currency: 'JPY',
      });
    },
  });
  return { app, requests, answers, results, deadLetters };
}

export function request(orderId: string, amount = 100): EventOf<'FundsHoldRequested'> {
  return { type: 'FundsHoldRequested', ...fields(orderId, 'request', amount), pieces: 1 };
}

export function answer(orderId: string, amount = 100): EventOf<'FundsHeld'> {
  return { type: 'FundsHeld', ...fields(orderId, 'answer', amount) };
}

export function forget(orderId: string): EventOf<'FundsReleaseRequested'> {
  return { type: 'FundsReleaseRequested', ...fields(orderId, 'forget', 0) };
}

function fields(orderId: string, role: string, amount: number) {
  const header = orderHeader({ id: orderId, at: 0 }, role, orderId);
  return { ...header, userId: 'user', amount, currency: 'JPY' };
}

function stateOf(changeEventId: string) {
  return { type: 'LimitChangeState', changeEventId, requestFingerprint: '' } as const;
}
