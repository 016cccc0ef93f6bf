/** What the codes of alerts say to an operator. */
import type {
  ActionPreview,
  AlertHistoryEntry,
  AlertView,
  ConditionView,
} from '../../edge/contract/api-types';
import { alertRuleTitles, type AlertRule } from '../../edge/contract/alert-rule';
import type { EventOf } from '../../schemas/event';
import { eventOf } from '../live/event-of';
import { moneyText } from '../text/money';
import type { StatusChoice } from './alert-filter';

export { alertRuleTitles as RULE_WORDS };

export const STATUS_WORDS: Readonly<Record<StatusChoice, string>> = {
  UNRESOLVED: 'Not resolved',
  OPEN: 'Open',
  ACKNOWLEDGED: 'Acknowledged',
  RESOLVED: 'Resolved',
  ALL: 'All',
};

export type Action = ActionPreview['action'];

export const ACTION_WORDS: Readonly<Record<Action, string>> = {
  ASK_PAYPAY: 'Ask PayPay again',
  REDRIVE_ORDER: 'Re-drive the order',
  REFUND: 'Refund',
  ROLL_BACK: 'Roll back the order',
  RELEASE: 'Release stock and funds',
  ACCEPT_AMOUNT: 'Accept the amount',
  MARK_HANDLED: 'Mark as handled',
};

const ACTION_STATUS_WORDS: Readonly<Record<NonNullable<AlertView['actionStatus']>, string>> = {
  STARTED: 'in progress',
  PENDING: 'in flight at PayPay',
  SUCCEEDED: 'done',
  FAILED: 'failed',
};

export const CONDITION_WORDS: Readonly<Record<ConditionView['condition'], string>> = {
  WEBHOOKS_SILENT: 'PayPay’s webhooks are silent; payments are found by asking PayPay.',
  PAYPAY_DEGRADED: 'PayPay is degraded; payments may be late, and no order fails early for it.',
};

export const REFUSAL_WORDS: Readonly<Record<EventOf<'AlertCommandRefused'>['reason'], string>> = {
  STALE_VERSION: 'The alert had changed by then.',
  UNKNOWN_ALERT: 'A newer alert of the same rule has taken its place.',
  ALREADY_RESOLVED: 'The alert was resolved by then.',
  NOT_ALLOWED: 'The facts leave nothing for this action to do.',
  NOT_RESOLVED: 'The alert is not resolved.',
  ACTION_UNDER_WAY: 'Another action was in progress.',
  IDEMPOTENCY_CONFLICT: 'Its Idempotency-Key had been taken for another request, which stands.',
};

const RESOLVED_BY_WORDS: Readonly<Record<NonNullable<AlertView['resolvedBy']>, string>> = {
  FACTS: 'by the facts',
  SUPERSEDED: 'another alert says it better',
  OPERATOR: 'by an operator',
};

/** RULE_A is rule A. */
export function ruleLetter(rule: AlertRule): string {
  return rule.slice('RULE_'.length);
}

/** Order became PAID (by the facts) */
export function resolutionText({ resolution, resolvedBy }: AlertView): string {
  const by = resolvedBy === null ? '' : ` (${RESOLVED_BY_WORDS[resolvedBy]})`;
  return `${resolution ?? 'Resolved'}${by}`;
}

/** How often it fired; empty for once. */
export function countText({ count }: AlertView): string {
  return count > 1 ? `×${String(count)}` : '';
}

/** Refund: failed. PayPay refused. Empty when nothing was asked for. */
export function repairText({ action, actionStatus, actionDetail }: AlertView): string {
  if (action === null || actionStatus === null) return '';
  const name = (ACTION_WORDS as Readonly<Record<string, string | undefined>>)[action] ?? action;
  const detail = actionDetail === null || actionDetail === '' ? '' : ` ${actionDetail}`;
  return `${name}: ${ACTION_STATUS_WORDS[actionStatus]}.${detail}`;
}

/** What one event did to the alert, for its audit. Who did it stands beside it. */
export function auditText(entry: Pick<AlertHistoryEntry, 'type' | 'payload'>): string {
  const event = eventOf(entry);
  switch (event.type) {
    case 'AlertRaised':
      return `Raised: ${event.observed}`;
    case 'AlertRepeated':
      return `Triggered again, ${String(event.count)} times by now`;
    case 'AlertMoneyAtRiskChanged': {
      const { moneyAtRisk, currency, observed } = event;
      return `${moneyText(moneyAtRisk, currency)} at risk from now on: ${observed}`;
    }
    case 'AlertAcknowledged':
      return 'Taken';
    case 'AlertNoted':
      return `Note: ${event.note}`;
    case 'AlertActionStarted':
      return `${ACTION_WORDS[event.action]}: asked for, because: ${event.reason}`;
    case 'AlertActionPending':
      return `${ACTION_WORDS[event.action]}: in flight. ${event.detail}`;
    case 'AlertActionSucceeded':
      return `${ACTION_WORDS[event.action]}: done. ${event.detail}`;
    case 'AlertActionFailed':
      return `${ACTION_WORDS[event.action]}: failed. ${event.detail}`;
    case 'AlertResolved':
      return `Resolved ${RESOLVED_BY_WORDS[event.resolvedBy]}: ${event.detail}`;
    case 'AlertReopened':
      return `Reopened, because: ${event.reason}`;
    case 'AlertCommandRefused':
      return `Refused (${event.command}): ${REFUSAL_WORDS[event.reason]}`;
    default:
      return event.type;
  }
}
