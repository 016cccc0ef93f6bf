/**
 * What the outcome of an action does to its alert, and to rule F (rule-f.ts).
 *
 *     SUCCEEDED   AlertActionSucceeded; a roll back and an accepted amount resolve the alert, because
 *                 they settle what it is about and no fact of a payment will say so
 *     PENDING     AlertActionPending; the alert is free for other actions; rule F learns from the
 *                 payment's events how it ends
 *     FAILED      AlertActionFailed; of a compensation also AlertRaised RULE_F, or AlertRepeated
 *
 * The facts may have resolved the alert while the action was in progress: its outcome is put on it
 * all the same.
 */
import type { EventOf } from '../../schemas/event';
import { eventId } from '../../schemas/event-id';
import { isCompensation } from '../../topics/alert-action-contract';
import type { AlertAction } from '../../topics/alert-rules';
import type { alertsActionResults } from '../../topics/alerts';
import type { EventOn } from '../../topics/topic';
import type { LogPosition } from '../runtime/app';
import { evidenceOf, type AlertEvent, type AlertMemory } from './alert';
import { withAlert } from './alert-memory';
import type { LifecycleEvent } from './command-step';
import type { OpenOrderAlerts, OrderAlerts } from './order-alerts';
import { heldOf, type Evident } from './order-facts';
import { repaired, repairFailed, repairIncomplete } from './rule-f';

export type ActionResult = EventOn<typeof alertsActionResults>;

export type ResultTaken =
  | {
      readonly kind: 'taken';
      readonly order: OpenOrderAlerts;
      readonly events: readonly (LifecycleEvent | AlertEvent)[];
    }
  /** Nobody waits for it: a repeat. */
  | { readonly kind: 'absorbed' };

/** Actions after which nothing is left of what the alert is about. */
const SETTLING: ReadonlySet<AlertAction> = new Set(['ROLL_BACK', 'ACCEPT_AMOUNT']);

type RunningAction = NonNullable<AlertMemory['action']>;

export function takeResult(
  before: OrderAlerts | undefined,
  result: ActionResult,
  { partition, offset, timestamp }: LogPosition,
): ResultTaken {
  const alert = before?.alerts.find(({ action }) => action?.actionId === result.actionId);
  if (before === undefined || !alert?.action) return { kind: 'absorbed' };
  const { type, eventId: id, occurredAt } = result;
  const fact = { type, eventId: id, occurredAt, partition, offset, loggedAt: timestamp };
  const outcome = endAction(alert, alert.action, result, fact);
  const order = {
    ...before,
    type: 'OrderAlertsState' as const,
    alerts: withAlert(before.alerts, outcome.alert),
  };
  const after = judgeRepairs(order, alert.action, result, fact);
  return {
    kind: 'taken',
    order: after.order,
    events: [...outcome.events, ...after.events],
  };
}

const ENDINGS = {
  SUCCEEDED: 'AlertActionSucceeded',
  FAILED: 'AlertActionFailed',
  PENDING: 'AlertActionPending',
} as const satisfies Record<ActionResult['outcome'], LifecycleEvent['type']>;

function endAction(
  alert: AlertMemory,
  { action, actor, actionId }: RunningAction,
  result: ActionResult,
  fact: Evident,
): { readonly alert: AlertMemory; readonly events: readonly LifecycleEvent[] } {
  const { outcome, detail } = result;
  const ended = { ...alert, action: null, version: alert.version + 1 };
  const type = ENDINGS[outcome];
  const header = resultHeader(result, alert, 'action-ended', fact);
  const { version } = ended;
  const said: LifecycleEvent = { type, ...header, version, action, detail, actionId, actor };
  if (outcome !== 'SUCCEEDED' || !SETTLING.has(action) || alert.status === 'RESOLVED') {
    return { alert: ended, events: [said] };
  }
  const resolved: EventOf<'AlertResolved'> = {
    type: 'AlertResolved',
    ...resultHeader(result, alert, 'resolved', fact),
    rule: alert.rule,
    version: version + 1,
    resolvedBy: 'OPERATOR',
    actor,
    detail,
    evidence: [evidenceOf(fact)],
  };
  return {
    alert: { ...ended, status: 'RESOLVED', version: version + 1 },
    events: [said, resolved],
  };
}

function judgeRepairs(
  order: OpenOrderAlerts,
  running: RunningAction,
  { outcome, detail }: ActionResult,
  fact: Evident,
): { readonly order: OpenOrderAlerts; readonly events: readonly AlertEvent[] } {
  const { action } = running;
  if (outcome === 'PENDING' || !isCompensation(action)) return { order, events: [] };
  if (outcome === 'FAILED') return repairFailed(order, running, detail, fact);
  if (action !== 'ROLL_BACK') return repaired(order, action, fact);
  const after = { ...order, isRolledBack: true };
  const held = heldOf(order.payments);
  return held > 0 ? repairIncomplete(after, running, held, fact) : repaired(after, action, fact);
}

function resultHeader(
  { orderId }: ActionResult,
  { alertId }: AlertMemory,
  role: string,
  { eventId: causationId, loggedAt }: Evident,
) {
  return {
    eventId: eventId(causationId, role),
    orderId,
    occurredAt: loggedAt,
    causationId,
    correlationId: orderId,
    alertId,
  };
}
