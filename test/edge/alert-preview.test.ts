import { previewsOf, type RepairFacts } from '../../edge/alert-preview';
import type { ChargedPayment } from '../../topics/alert-action-contract';
import {
  ALERT_RULES,
  alertRules,
  type AlertAction,
  type AlertRule,
} from '../../topics/alert-rules';
import { orderRow } from './rows';

const PAYMENT: ChargedPayment = {
  merchantPaymentId: 'order-1',
  paymentId: 'paypay-1',
  amount: 800,
  currency: 'JPY',
  paidAt: 100,
  returnedAmount: 0,
  pendingAmount: 0,
};

function facts(change: Partial<RepairFacts> = {}): RepairFacts {
  return { order: orderRow(), payments: [PAYMENT], isRolledBack: false, ...change };
}

function preview(action: AlertAction, rule: AlertRule, found: RepairFacts) {
  return previewsOf(rule, found, null).find((each) => each.action === action);
}

test('every rule shows what it offers and nothing else', () => {
  for (const rule of alertRules) {
    const shown = previewsOf(rule, facts(), null).map(({ action }) => action);
    expect(shown).toEqual(ALERT_RULES[rule].actions);
  }
});

test('re-driving says what the missed payment will do', () => {
  expect(preview('REDRIVE_ORDER', 'RULE_A', facts())).toMatchObject({
    possible: true,
    changes: [
      'The order becomes PAID with ¥800.',
      '2 × TEA-001 are sold.',
      '¥800 of the spending limit is used.',
    ],
  });
  const wrong = facts({ payments: [{ ...PAYMENT, amount: 700 }] });
  expect(preview('REDRIVE_ORDER', 'RULE_A', wrong)).toMatchObject({ possible: false });
  const unknown = facts({ order: null });
  expect(preview('REDRIVE_ORDER', 'RULE_A', unknown)).toMatchObject({
    possible: false,
    changes: ['Orders has said nothing of this order.'],
  });
});

test('rolling back says what becomes available, and that PayPay is not touched', () => {
  const paid = facts({ order: orderRow({ status: 'PAID' }) });
  expect(preview('ROLL_BACK', 'RULE_B', paid)).toMatchObject({
    possible: true,
    changes: [
      '2 × TEA-001 can be sold again.',
      '¥800 of the spending limit can be used again.',
      'The order stays PAID; no money is refunded at PayPay.',
    ],
  });
  expect(preview('ROLL_BACK', 'RULE_B', { ...paid, isRolledBack: true })).toMatchObject({
    changes: ['The order was rolled back before; nothing changes.'],
  });
  expect(preview('ROLL_BACK', 'RULE_B', facts())).toMatchObject({ possible: false });
});

test('a refund names each payment and what is left of it', () => {
  const second = { ...PAYMENT, paymentId: 'paypay-2', returnedAmount: 300 };
  const failed = facts({ order: orderRow({ status: 'FAILED' }), payments: [PAYMENT, second] });
  expect(preview('REFUND', 'RULE_C', failed)).toMatchObject({
    possible: true,
    changes: [
      '¥800 of payment paypay-1 is refunded to the customer.',
      '¥500 of payment paypay-2 is refunded to the customer.',
    ],
  });
  const paid = facts({
    order: orderRow({ status: 'PAID', paymentId: 'paypay-1' }),
    payments: [PAYMENT, second],
  });
  expect(preview('REFUND', 'RULE_D', paid)).toMatchObject({
    changes: ['¥500 of payment paypay-2 is refunded to the customer.'],
  });
});

test('a part can be given back of one payment, up to what is left of it', () => {
  const second = { ...PAYMENT, paymentId: 'paypay-2', returnedAmount: 300 };
  const failed = orderRow({ status: 'FAILED' });
  expect(preview('REFUND', 'RULE_C', facts({ order: failed, payments: [second] }))).toMatchObject({
    refundable: { amount: 500, currency: 'JPY' },
  });
  const several = facts({ order: failed, payments: [PAYMENT, second] });
  expect(preview('REFUND', 'RULE_C', several)).toMatchObject({ refundable: null });
  expect(preview('RELEASE', 'RULE_C', several)).toMatchObject({ refundable: null });
});

test('a refund of the wrong amount says that the order ends', () => {
  const wrong = facts({ payments: [{ ...PAYMENT, amount: 700 }] });
  expect(preview('REFUND', 'RULE_E', wrong)?.changes.at(-1)).toBe(
    'The order becomes FAILED; its stock and funds are released.',
  );
  expect(preview('ACCEPT_AMOUNT', 'RULE_E', wrong)?.changes[0]).toBe(
    'The order becomes PAID with ¥700.',
  );
});

test('what has all gone back cannot be given back again', () => {
  const returned = facts({ payments: [{ ...PAYMENT, returnedAmount: 800 }] });
  expect(preview('REFUND', 'RULE_C', returned)).toMatchObject({ possible: false });
});

test('a release says that only what is still held moves', () => {
  const failed = facts({ order: orderRow({ status: 'FAILED' }) });
  expect(preview('RELEASE', 'RULE_C', failed)).toMatchObject({
    possible: true,
    changes: ['Whatever of 2 × TEA-001 and of the funds is still held is released.'],
  });
});

test('a refund that PayPay keeps pending is told, and what it leaves is offered', () => {
  const pending = { ...PAYMENT, pendingAmount: 100 };
  expect(preview('REFUND', 'RULE_C', facts({ payments: [pending] }))).toMatchObject({
    possible: true,
    refundable: { amount: 700, currency: 'JPY' },
    changes: expect.arrayContaining([
      '¥700 of payment paypay-1 is refunded to the customer.',
      'A refund of ¥100 of payment paypay-1 is in flight.',
    ]) as unknown,
  });
  const all = { ...PAYMENT, pendingAmount: 800 };
  expect(preview('REFUND', 'RULE_C', facts({ payments: [all] }))).toMatchObject({
    possible: false,
    changes: ['A refund of ¥800 of payment paypay-1 is in flight. Nothing else is left to act on.'],
  });
});

test('while an action waits for its answer nothing else is offered', () => {
  for (const shown of previewsOf('RULE_C', facts(), 'REFUND')) {
    expect(shown).toMatchObject({
      possible: false,
      changes: ['REFUND is in progress; its outcome comes first.'],
    });
  }
});
