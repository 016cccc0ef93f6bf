/** What the codes of alerts say to an operator. */
import type { ActionPreview, AlertHistoryEntry, AlertView } from '../../edge/contract/api-types';
import { alertRuleTitles, type AlertRule } from '../../edge/contract/alert-rule';
import { t, textOf } from '../i18n/translate';
import { eventOf } from '../live/event-of';
import { moneyText } from '../text/money';
import { serverText } from '../text/server-text';

export type Action = ActionPreview['action'];

/** RULE_A is rule A. */
export function ruleLetter(rule: AlertRule): string {
  return rule.slice('RULE_'.length);
}

/** Rule A: Paid, order does not show it. A rule that has no words here yet says its own. */
export function ruleText(rule: AlertRule): string {
  const title = textOf(`alerts.rules.${rule}`) ?? alertRuleTitles[rule];
  return t('alerts.ruleOf', { letter: ruleLetter(rule), title });
}

/** What an action is called, also one that this page does not know yet. */
export function actionText(action: string): string {
  return textOf(`alerts.actions.${action}`) ?? action;
}

/** Order became PAID (by the facts) */
export function resolutionText({ resolution, resolvedBy }: AlertView): string {
  const detail = resolution === null ? t('alerts.resolved') : serverText(resolution);
  if (resolvedBy === null) return detail;
  return t('alerts.resolution', { detail, by: t(`alerts.resolvedBy.${resolvedBy}`) });
}

/** How often it fired; empty for once. */
export function countText({ count }: AlertView): string {
  return count > 1 ? `×${String(count)}` : '';
}

/** Refund: failed. PayPay refused. Empty when nothing was asked for. */
export function repairText({ action, actionStatus, actionDetail }: AlertView): string {
  if (action === null || actionStatus === null) return '';
  return t('alerts.repairText', {
    name: actionText(action),
    status: t(`alerts.actionStatus.${actionStatus}`),
    detail: serverText(actionDetail ?? ''),
  }).trim();
}

/** What one event did to the alert, for its audit. Who did it stands beside it. */
export function auditText(entry: Pick<AlertHistoryEntry, 'type' | 'payload'>): string {
  const event = eventOf(entry);
  switch (event.type) {
    case 'AlertRaised':
      return t('alerts.audit.raised', { observed: serverText(event.observed) });
    case 'AlertRepeated':
      return t('alerts.audit.again', { n: event.count });
    case 'AlertMoneyAtRiskChanged':
      return t('alerts.audit.risk', {
        money: moneyText(event.moneyAtRisk, event.currency),
        observed: serverText(event.observed),
      });
    case 'AlertAcknowledged':
      return t('alerts.audit.taken');
    case 'AlertNoted':
      return t('alerts.audit.note', { note: event.note });
    case 'AlertActionStarted': {
      const { action, reason } = event;
      return t('alerts.audit.asked', { action: actionText(action), reason });
    }
    case 'AlertActionPending':
      return t('alerts.audit.pending', actionSaid(event));
    case 'AlertActionSucceeded':
      return t('alerts.audit.done', actionSaid(event));
    case 'AlertActionFailed':
      return t('alerts.audit.failed', actionSaid(event));
    case 'AlertResolved': {
      const { resolvedBy, detail } = event;
      return t('alerts.audit.resolved', {
        by: t(`alerts.resolvedBy.${resolvedBy}`),
        detail: serverText(detail),
      });
    }
    case 'AlertReopened':
      return t('alerts.audit.reopened', { reason: event.reason });
    case 'AlertCommandRefused': {
      const { command, reason } = event;
      return t('alerts.audit.refused', { command, reason: t(`alerts.refusals.${reason}`) });
    }
    default:
      return event.type;
  }
}

function actionSaid({ action, detail }: { readonly action: string; readonly detail: string }) {
  return { action: actionText(action), detail: serverText(detail) };
}
