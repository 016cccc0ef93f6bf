/**
 * How an action begins: alerts names the payments that it is about, from the same facts that the
 * rules judged, and the participant that carries it out listens. MARK_HANDLED has nothing to carry
 * out, so it ends as it begins.
 */
import type { EventOf } from '../../schemas/event';
import {
  concernedPayments,
  needsPayments,
  partOf,
  PERFORMER_OF_ACTION,
  type ChargedPayment,
  type ConcernedPayment,
} from '../../topics/alert-action-contract';
import { ALERT_RULES } from '../../topics/alert-rules';
import type { AlertMemory } from './alert';
import { commandHeader, refused, type CommandStep } from './command-step';
import { pendingOf, returnedOf, successesOf, type OrderFacts } from './order-facts';

type Request = EventOf<'AlertActionRequested'>;
type RunningAction = NonNullable<AlertMemory['action']>;

export function startAction(
  alert: AlertMemory,
  request: Request,
  facts: OrderFacts,
  now: number,
): CommandStep {
  const { action, actor, reason, idempotencyKey } = request;
  if (alert.action !== null) return refused('ACTION_UNDER_WAY');
  if (!ALERT_RULES[alert.rule].actions.includes(action)) return refused('NOT_ALLOWED');
  if (request.amount !== null && action !== 'REFUND') return refused('NOT_ALLOWED');
  const concerned = paymentsOf(alert, request, facts);
  const payments = request.amount === null ? concerned : [...partOf(concerned, request.amount)];
  if (needsPayments(action) && payments.length === 0) return refused('NOT_ALLOWED');
  const version = alert.version + 1;
  const header = commandHeader(request, 'action-started', now);
  const started: EventOf<'AlertActionStarted'> = {
    type: 'AlertActionStarted',
    ...header,
    version,
    actor,
    action,
    reason,
    idempotencyKey,
    payments,
  };
  if (PERFORMER_OF_ACTION[action] === 'alerts') return handled(alert, started, request, now);
  const money = moneyOf(action, payments, facts);
  const running: RunningAction = { actionId: header.eventId, action, actor, ...money };
  return { kind: 'step', alert: { ...alert, version, action: running }, events: [started] };
}

function handled(
  alert: AlertMemory,
  started: EventOf<'AlertActionStarted'>,
  request: Request,
  now: number,
): CommandStep {
  const { action, actor, reason, version } = started;
  return {
    kind: 'step',
    alert: { ...alert, status: 'RESOLVED', version: version + 2 },
    events: [
      started,
      {
        type: 'AlertActionSucceeded',
        ...commandHeader(request, 'action-succeeded', now),
        version: version + 1,
        action,
        detail: reason,
        actionId: started.eventId,
        actor,
      },
      {
        type: 'AlertResolved',
        ...commandHeader(request, 'resolved', now),
        rule: alert.rule,
        version: version + 2,
        resolvedBy: 'OPERATOR',
        actor,
        detail: reason,
        evidence: [],
      },
    ],
  };
}

function paymentsOf(
  { rule }: AlertMemory,
  { action }: Request,
  { waiting, paid, payments }: OrderFacts,
): ConcernedPayment[] {
  const charged = successesOf(payments).map((success): ChargedPayment => {
    const { merchantPaymentId, paymentId, amount, currency, saidAt: paidAt } = success;
    return {
      merchantPaymentId,
      paymentId,
      amount,
      currency,
      paidAt,
      returnedAmount: returnedOf(success, payments),
      pendingAmount: pendingOf(success, payments),
    };
  });
  const price = waiting ?? paid;
  const paidBy = paid?.paymentId ?? null;
  return [...concernedPayments(action, rule, charged, { price, paidBy })];
}

/** What is at stake when the action fails. */
function moneyOf(
  action: Request['action'],
  payments: readonly ConcernedPayment[],
  { waiting, paid }: OrderFacts,
): { readonly amount: number; readonly currency: string } {
  const [first] = payments;
  if (first !== undefined) {
    const amount = payments.reduce((sum, payment) => sum + payment.amount, 0);
    return { amount, currency: first.currency };
  }
  const price = paid ?? waiting;
  const moves = action === 'ROLL_BACK' || action === 'RELEASE';
  return { amount: moves ? (price?.amount ?? 0) : 0, currency: price?.currency ?? 'JPY' };
}
