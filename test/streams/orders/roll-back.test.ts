import type { Decision } from '../../../streams/orders/decision';
import type { PaidOrder } from '../../../streams/orders/order';
import {
  isRollBackAwaited,
  rollBack,
  takeReturn,
  timeOutRollBack,
} from '../../../streams/orders/roll-back';
import { ORDER_ID, USER_ID, rollBackStarted, sample } from '../saga/sample-event';
import { CAUSE, PAID, TOTAL } from './sample-order';

const STARTED = rollBackStarted();
const AGAIN = { ...STARTED, eventId: 'another action' };

const stockReturned = (sku: string, quantity = 1) =>
  sample('StockReturned', { orderId: ORDER_ID, sku, quantity });
const fundsReturned = () =>
  sample('FundsReturned', { orderId: ORDER_ID, userId: USER_ID, amount: TOTAL, currency: 'JPY' });

function paid(decision: Decision): PaidOrder {
  if (decision.kind !== 'decided' || decision.order.type !== 'PaidOrderState') {
    throw new Error(`not a PAID order: ${decision.kind}`);
  }
  return decision.order;
}

/** The types of what is written, and the outcome where an action is answered. */
function told(decision: Decision): readonly string[] {
  if (decision.kind !== 'decided') return [decision.kind];
  return decision.outputs.map((output) =>
    output.type === 'OrderActionAnswered' ? output.outcome : output.type,
  );
}

const RETURNING = paid(rollBack(PAID, STARTED, CAUSE));

describe('a PAID order that is taken back', () => {
  it('asks for all that is sold and used', () => {
    expect(rollBack(PAID, STARTED, CAUSE)).toMatchObject({
      outputs: [
        { type: 'StockReturnRequested', sku: 'a', quantity: 2 },
        { type: 'StockReturnRequested', sku: 'b', quantity: 3 },
        { type: 'FundsReturnRequested', userId: USER_ID, amount: TOTAL, currency: 'JPY' },
      ],
    });
    expect(isRollBackAwaited(RETURNING)).toBe(true);
  });

  it.each([
    ['a', 'b', 'funds'],
    ['a', 'funds', 'b'],
    ['b', 'a', 'funds'],
    ['b', 'funds', 'a'],
    ['funds', 'a', 'b'],
    ['funds', 'b', 'a'],
  ])('says so when all is back, in the order %s, %s, %s, each of them twice', (...order) => {
    const replies = order.map((each) => (each === 'funds' ? fundsReturned() : stockReturned(each)));
    let state = RETURNING;
    const said: string[] = [];
    for (const reply of replies.flatMap((each) => [each, each])) {
      const decision = takeReturn(state, reply, CAUSE);
      if (decision.kind === 'decided') state = paid(decision);
      said.push(...told(decision).filter((each) => each !== 'absorbed'));
    }
    expect(said).toEqual(['OrderRolledBack', 'SUCCEEDED']);
    expect(isRollBackAwaited(state)).toBe(false);
  });

  it('that is not back in time fails, and goes on with what is left when asked again', () => {
    const half = paid(takeReturn(RETURNING, stockReturned('a'), CAUSE));
    const late = timeOutRollBack(half, CAUSE);
    expect(late).toMatchObject({
      outputs: [{ outcome: 'FAILED', detail: 'not returned in time: b, the funds' }],
    });
    if (late.kind !== 'decided') throw new Error('not decided');
    expect(told(rollBack(paid(late), AGAIN, CAUSE))).toEqual([
      'StockReturnRequested',
      'FundsReturnRequested',
    ]);
  });

  it('is told of as back also when nobody waits for it any more', () => {
    const late = timeOutRollBack(RETURNING, CAUSE);
    if (late.kind !== 'decided') throw new Error('not decided');
    let state = paid(late);
    const said = [stockReturned('a'), stockReturned('b'), fundsReturned()].flatMap((reply) => {
      const decision = takeReturn(state, reply, CAUSE);
      state = paid(decision);
      return told(decision);
    });
    expect(said).toEqual(['OrderRolledBack']);
    expect(told(rollBack(state, AGAIN, CAUSE))).toEqual(['SUCCEEDED']);
  });

  it('is not taken back twice at a time', () => {
    expect(told(rollBack(RETURNING, STARTED, CAUSE))).toEqual(['absorbed']);
    expect(told(rollBack(RETURNING, AGAIN, CAUSE))).toEqual(['FAILED']);
  });

  it('takes returns only when it asked for them', () => {
    expect(told(takeReturn(PAID, fundsReturned(), CAUSE))).toEqual(['absorbed']);
  });
});
