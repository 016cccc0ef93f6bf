import {
  movePayment,
  newPayment,
  possibleActions,
  refundableOf,
  refundStatus,
  type Move,
  type Payment,
} from '../../simulator/payment';

const CREATED_AT = 1_000_000;
const EXPIRES_AT = CREATED_AT + 300_000;

function created(isAuthorization = false): Payment {
  return newPayment({
    merchantPaymentId: 'order-1',
    paymentId: '041',
    codeId: '04-a',
    amount: 1_200,
    description: 'cake',
    isAuthorization,
    createdAt: CREATED_AT,
    expiresAt: EXPIRES_AT,
  });
}

function after(payment: Payment, move: Move | Move['kind'], now = CREATED_AT + 1): Payment {
  const result = movePayment(payment, asMove(move), now);
  if (result.kind === 'illegal') throw new Error(result.message);
  return result.payment;
}

function refusalOf(payment: Payment, move: Move | Move['kind'], now = CREATED_AT + 1): string {
  const result = movePayment(payment, asMove(move), now);
  if (result.kind === 'moved') throw new Error(`moved to ${result.payment.status}`);
  return result.message;
}

function asMove(move: Move | Move['kind']): Move {
  return typeof move === 'string' ? ({ kind: move } as Move) : move;
}

const REFUND = {
  kind: 'refund',
  merchantRefundId: 'refund-1',
  amount: 1_200,
  reason: '',
  delayMs: 500,
  fails: false,
} as const;

describe('a payment at the simulated PayPay', () => {
  test('is paid at the time of the move and keeps its PayPay id', () => {
    const paid = after(created(), 'pay', CREATED_AT + 7);
    expect(paid).toMatchObject({
      status: 'COMPLETED',
      paymentId: '041',
      charge: { kind: 'paid', paidAt: CREATED_AT + 7 },
    });
  });

  test('is only authorized when the merchant captures later, and completed by a second payment', () => {
    const authorized = after(created(true), 'pay', CREATED_AT + 1);
    const paid = after(authorized, 'pay', CREATED_AT + 9);
    expect(authorized.status).toBe('AUTHORIZED');
    expect(paid.charge).toEqual({
      kind: 'paid',
      authorizedAt: CREATED_AT + 1,
      paidAt: CREATED_AT + 9,
    });
  });

  test('still reads CREATED after its time, and can be paid late only', () => {
    const lapsed = created();
    expect(refusalOf(lapsed, 'pay', EXPIRES_AT)).toMatch('pay-late');
    expect(after(lapsed, 'pay-late', EXPIRES_AT).status).toBe('COMPLETED');
  });

  test('cannot be paid late while it can be paid in time', () => {
    expect(refusalOf(created(), 'pay-late')).toMatch('use pay');
  });

  test('lapses at once on request without a change of status', () => {
    const lapsed = after(created(), 'lapse', CREATED_AT + 5);
    expect(lapsed).toMatchObject({ status: 'CREATED', expiresAt: CREATED_AT + 5 });
  });

  test('reads CANCELED once its live code is deleted, EXPIRED once its lapsed one is', () => {
    expect(after(created(), 'delete-code').status).toBe('CANCELED');
    expect(after(created(), 'delete-code', EXPIRES_AT).status).toBe('EXPIRED');
  });

  test('can succeed late after the code was deleted', () => {
    const deleted = after(created(), 'delete-code');
    expect(refusalOf(deleted, 'pay')).toMatch('not possible on CANCELED');
    expect(after(deleted, 'pay-late').status).toBe('COMPLETED');
  });

  test('that was ever charged keeps its code from being deleted, even after a revert', () => {
    const reverted = after(after(created(), 'pay'), { kind: 'revert', to: 'FAILED' });
    expect(reverted.status).toBe('FAILED');
    expect(refusalOf(reverted, 'delete-code')).toMatch('paid');
  });

  test('is refunded in parts, and not for more than was paid', () => {
    const paid = after(created(), 'pay');
    expect(refusalOf(paid, { ...REFUND, amount: 1_201 })).toMatch('only 1200 JPY');
    const part = after(paid, { ...REFUND, amount: 100 });
    expect(part.status).toBe('REFUNDED');
    expect(refusalOf(part, REFUND)).toMatch('only 1100 of 1200 JPY are left');
    const rest = after(part, { ...REFUND, merchantRefundId: 'refund-2', amount: 1_100 });
    expect(rest.refunds.map(({ amount }) => amount)).toEqual([100, 1_100]);
    expect(refundableOf(rest, CREATED_AT)).toBe(0);
  });

  test('takes twenty refunds and no more', () => {
    let payment = after(created(), 'pay');
    for (let number = 1; number <= 20; number += 1) {
      payment = after(payment, { ...REFUND, merchantRefundId: `refund-${number}`, amount: 1 });
    }
    expect(refundableOf(payment, CREATED_AT)).toBe(0);
  });

  test('has a refund that reads CREATED until its time', () => {
    const [refund] = after(after(created(), 'pay'), REFUND).refunds;
    if (refund === undefined) throw new Error('no refund');
    expect(refundStatus(refund, refund.completesAt - 1)).toBe('CREATED');
    expect(refundStatus(refund, refund.completesAt)).toBe('REFUNDED');
  });

  test('has its money back when a refund has failed', () => {
    const payment = after(after(created(), 'pay'), { ...REFUND, fails: true });
    const [completesAt = 0] = payment.refunds.map((refund) => refund.completesAt);
    expect(refundableOf(payment, completesAt - 1)).toBe(0);
    expect(refundableOf(payment, completesAt)).toBe(1_200);
  });

  test('offers exactly the actions that are possible now', () => {
    expect(possibleActions(created(), CREATED_AT)).toEqual([
      'authorize',
      'pay',
      'fail',
      'expire',
      'lapse',
      'cancel',
    ]);
    expect(possibleActions(created(), EXPIRES_AT)).toContain('pay-late');
    expect(possibleActions(after(created(), 'pay'), CREATED_AT)).toEqual(['revert', 'refund']);
    expect(possibleActions(after(created(), 'fail'), CREATED_AT)).toEqual(['pay-late']);
  });

  test('remembers its newest fifty steps', () => {
    let payment = created();
    for (let step = 0; step < 60; step += 1) payment = after(payment, 'lapse', CREATED_AT + step);
    expect(payment.history).toHaveLength(50);
    expect(payment.history.at(-1)).toEqual({
      at: CREATED_AT + 59,
      move: 'lapse',
      status: 'CREATED',
    });
  });
});
