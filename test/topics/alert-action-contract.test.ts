import { concernedPayments, type ChargedPayment } from '../../topics/alert-action-contract';
import {
  ALERT_RULES,
  alertRules,
  type AlertAction,
  type AlertRule,
} from '../../topics/alert-rules';

const PRICE = { amount: 1_200, currency: 'JPY' };

function payment(id: string, amount = 1_200, returnedAmount = 0): ChargedPayment {
  return {
    merchantPaymentId: `order-${id}`,
    paymentId: id,
    amount,
    currency: 'JPY',
    paidAt: 100,
    returnedAmount,
    pendingAmount: 0,
  };
}

function concerned(
  action: AlertAction,
  rule: AlertRule,
  payments: readonly ChargedPayment[],
  paidBy: string | null = null,
): readonly [string, number][] {
  return concernedPayments(action, rule, payments, { price: PRICE, paidBy }).map(
    ({ paymentId, amount }) => [paymentId, amount],
  );
}

test('rule C gives back all that is kept, as far as it is kept', () => {
  const payments = [payment('1'), payment('2', 1_200, 1_200), payment('3', 1_200, 500)];
  expect(concerned('REFUND', 'RULE_C', payments)).toEqual([
    ['1', 1_200],
    ['3', 700],
  ]);
});

test('rule D keeps the payment that the order took, else one of the right amount, else the first', () => {
  const both = [payment('1'), payment('2')];
  expect(concerned('REFUND', 'RULE_D', both, '2')).toEqual([['1', 1_200]]);
  expect(concerned('REFUND', 'RULE_D', both)).toEqual([['2', 1_200]]);
  expect(concerned('REFUND', 'RULE_D', [payment('1', 1), payment('2')])).toEqual([['1', 1]]);
  expect(concerned('REFUND', 'RULE_D', [payment('1', 1), payment('2', 2)])).toEqual([['2', 2]]);
});

test('rule E gives back what differs, but not what was accepted', () => {
  const payments = [payment('1', 1_000), payment('2'), payment('3', 1_300)];
  expect(concerned('REFUND', 'RULE_E', payments)).toEqual([
    ['1', 1_000],
    ['3', 1_300],
  ]);
  expect(concerned('REFUND', 'RULE_E', payments, '1')).toEqual([['3', 1_300]]);
});

test('one wrong amount is accepted, the first that is kept', () => {
  const payments = [payment('0', 900, 900), payment('1', 1_000), payment('2', 1_300)];
  expect(concerned('ACCEPT_AMOUNT', 'RULE_E', payments)).toEqual([['1', 1_000]]);
});

test('an order is driven on by every payment that is kept', () => {
  expect(concerned('REDRIVE_ORDER', 'RULE_A', [payment('1'), payment('2')])).toEqual([
    ['1', 1_200],
    ['2', 1_200],
  ]);
});

test('the other actions are about no payment', () => {
  for (const rule of alertRules) {
    for (const action of ALERT_RULES[rule].actions) {
      if (['REFUND', 'ACCEPT_AMOUNT', 'REDRIVE_ORDER'].includes(action)) continue;
      expect(concerned(action, rule, [payment('1')])).toEqual([]);
    }
  }
});
