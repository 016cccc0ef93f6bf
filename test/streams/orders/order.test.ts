import { assertMove, statusOf, type Order } from '../../../streams/orders/order';
import { FAILED, PAID, PENDING, WAITING } from './sample-order';

const STATES: readonly Order[] = [PENDING, WAITING, PAID, FAILED];

describe('moves of an order', () => {
  it.each([
    ['PENDING', ['PENDING', 'WAITING_PAYMENT', 'FAILED']],
    ['WAITING_PAYMENT', ['WAITING_PAYMENT', 'PAID', 'FAILED']],
    ['PAID', ['PAID']],
    ['FAILED', ['FAILED']],
  ])('from %s lead to %j and nowhere else', (from, to) => {
    const before = STATES.find((order) => statusOf(order) === from) ?? PENDING;
    const reached = STATES.filter((after) => {
      try {
        assertMove(before, after);
        return true;
      } catch {
        return false;
      }
    });
    expect(reached.map(statusOf)).toEqual(to);
  });

  it('never lead to another order', () => {
    expect(() => assertMove(PENDING, { ...WAITING, orderId: 'another' })).toThrow('cannot go');
  });
});
