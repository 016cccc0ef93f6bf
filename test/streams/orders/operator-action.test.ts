import type { EventOf } from '../../../schemas/event';
import type { Order } from '../../../streams/orders/order';
import { takeAction } from '../../../streams/orders/operator-action';
import { ORDER_ID } from '../saga/sample-event';
import { CAUSE, FAILED, FAILED_UNPRICED, PAID, PENDING, TOTAL, WAITING } from './sample-order';

type Action = EventOf<'AlertActionStarted'>['action'];

const RIGHT = {
  merchantPaymentId: `${ORDER_ID}-1`,
  paymentId: 'paypay-1',
  amount: TOTAL,
  currency: 'JPY',
  paidAt: 100,
  returnedAmount: 0,
  pendingAmount: 0,
};
const WRONG = { ...RIGHT, amount: TOTAL - 1 };

function started(
  action: Action,
  payments: EventOf<'AlertActionStarted'>['payments'] = [],
): EventOf<'AlertActionStarted'> {
  return {
    type: 'AlertActionStarted',
    eventId: 'action-1',
    orderId: ORDER_ID,
    occurredAt: 1,
    causationId: 'request-1',
    correlationId: ORDER_ID,
    alertId: 'alert-1',
    version: 2,
    actor: 'ops@example.com',
    action,
    reason: 'as agreed',
    idempotencyKey: 'key-1',
    payments,
  };
}

/** [the status after it, the outcome that is answered]; a dash where nothing is. */
function outcome(order: Order | undefined, event: EventOf<'AlertActionStarted'>): string {
  const decision = takeAction(order, event, CAUSE);
  if (decision.kind === 'rejected') throw new Error(decision.reason);
  if (decision.kind === 'absorbed') return 'absorbed';
  const after = decision.kind === 'decided' ? decision.order.type : 'none';
  const answers = decision.outputs.filter(({ type }) => type === 'OrderActionAnswered');
  return `${after} ${answers.map((answer) => ('outcome' in answer ? answer.outcome : '')).join()}`;
}

describe('an action of an operator', () => {
  it.each<[Action, Record<'waiting' | 'paid' | 'failed' | 'pending' | 'unknown', string>]>([
    [
      'REDRIVE_ORDER',
      {
        waiting: 'PaidOrderState SUCCEEDED',
        paid: 'PaidOrderState SUCCEEDED',
        failed: 'FailedOrderState SUCCEEDED',
        pending: 'PendingOrderState FAILED',
        unknown: 'none FAILED',
      },
    ],
    [
      'ACCEPT_AMOUNT',
      {
        waiting: 'PaidOrderState SUCCEEDED',
        paid: 'PaidOrderState FAILED',
        failed: 'FailedOrderState FAILED',
        pending: 'PendingOrderState FAILED',
        unknown: 'none FAILED',
      },
    ],
    [
      'ROLL_BACK',
      {
        waiting: 'WaitingOrderState FAILED',
        // Answered when stock and funds are back.
        paid: 'PaidOrderState ',
        failed: 'FailedOrderState FAILED',
        pending: 'PendingOrderState FAILED',
        unknown: 'none FAILED',
      },
    ],
    [
      'RELEASE',
      {
        waiting: 'WaitingOrderState FAILED',
        paid: 'PaidOrderState FAILED',
        failed: 'FailedOrderState SUCCEEDED',
        pending: 'PendingOrderState FAILED',
        unknown: 'none FAILED',
      },
    ],
  ])('%s does what fits where the order is', (action, expected) => {
    const event = started(action, action === 'ACCEPT_AMOUNT' ? [WRONG] : [RIGHT]);
    expect({
      waiting: outcome(WAITING, event),
      paid: outcome(PAID, event),
      failed: outcome(FAILED, event),
      pending: outcome(PENDING, event),
      unknown: outcome(undefined, event),
    }).toEqual(expected);
  });

  it('that others carry out is none of its business', () => {
    for (const action of ['ASK_PAYPAY', 'REFUND', 'MARK_HANDLED'] as const) {
      expect(outcome(PAID, started(action))).toBe('absorbed');
    }
  });
});

describe('REDRIVE_ORDER', () => {
  it('pays the order as the missed news would have', () => {
    expect(takeAction(WAITING, started('REDRIVE_ORDER', [RIGHT]), CAUSE)).toMatchObject({
      order: { type: 'PaidOrderState', payment: { successes: [{ paymentId: 'paypay-1' }] } },
      outputs: [
        { type: 'OrderPaid', paymentId: 'paypay-1', amount: TOTAL, paidAt: 100 },
        { type: 'StockConfirmationRequested', sku: 'a' },
        { type: 'StockConfirmationRequested', sku: 'b' },
        { type: 'FundsCaptureRequested', amount: TOTAL },
        { type: 'OrderActionAnswered', actionId: 'action-1', alertId: 'alert-1' },
      ],
    });
  });

  it('does not pay the order with another amount', () => {
    expect(outcome(WAITING, started('REDRIVE_ORDER', [WRONG]))).toBe('WaitingOrderState FAILED');
  });
});

describe('ACCEPT_AMOUNT', () => {
  it('pays the order with what was paid, and captures what was held', () => {
    expect(takeAction(WAITING, started('ACCEPT_AMOUNT', [WRONG]), CAUSE)).toMatchObject({
      order: { type: 'PaidOrderState', totalAmount: TOTAL },
      outputs: [
        { type: 'OrderPaid', amount: TOTAL - 1 },
        { type: 'StockConfirmationRequested' },
        { type: 'StockConfirmationRequested' },
        { type: 'FundsCaptureRequested', amount: TOTAL },
        { type: 'OrderActionAnswered', outcome: 'SUCCEEDED' },
      ],
    });
  });
});

describe('RELEASE', () => {
  it('asks again for the release of all that was ever asked for', () => {
    expect(takeAction(FAILED, started('RELEASE'), CAUSE)).toMatchObject({
      order: FAILED,
      outputs: [
        { type: 'StockReleaseRequested', sku: 'a', quantity: 2 },
        { type: 'StockReleaseRequested', sku: 'b', quantity: 3 },
        { type: 'FundsReleaseRequested', amount: TOTAL, currency: 'JPY' },
        { type: 'OrderActionAnswered', outcome: 'SUCCEEDED' },
      ],
    });
  });

  it('asks for no funds of an order that never had a hold', () => {
    const decision = takeAction(FAILED_UNPRICED, started('RELEASE'), CAUSE);
    const types = decision.kind === 'decided' ? decision.outputs.map(({ type }) => type) : [];
    expect(types).not.toContain('FundsReleaseRequested');
  });
});
