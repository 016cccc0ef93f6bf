/**
 * Which alerts are listed and in what order: by severity, then the oldest first; what is resolved
 * comes after all that is not. Pure.
 */
import type { AlertView } from '../../edge/contract/api-types';
import { alertRules, type AlertRule } from '../../edge/contract/alert-rule';

export const STATUS_CHOICES = ['UNRESOLVED', 'OPEN', 'ACKNOWLEDGED', 'RESOLVED', 'ALL'] as const;
export type StatusChoice = (typeof STATUS_CHOICES)[number];

export { alertRules as RULES };

export const SEVERITIES = ['P1', 'P2'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Whose alerts, for whoever looks: the address can be sent on, and means the reader. */
export const ME = 'me';
export const NOBODY = 'nobody';

export interface AlertFilter {
  readonly status: StatusChoice;
  /** Null: all of them. */
  readonly rule: AlertRule | null;
  readonly severity: Severity | null;
  /** ME and NOBODY, or an owner as the alert names him; null: whoever it is. */
  readonly owner: string | null;
  /** Alerts of one cause as one incident; of what is not resolved only. */
  readonly grouped: boolean;
}

/** Query values of the address, which anybody may have typed; what makes no sense is left out. */
export function filterOf(query: Readonly<Record<string, unknown>>): AlertFilter {
  const { status, rule, severity, owner, group } = query;
  return {
    status: STATUS_CHOICES.find((choice) => choice === status) ?? 'UNRESOLVED',
    rule: alertRules.find((choice) => choice === rule) ?? null,
    severity: SEVERITIES.find((choice) => choice === severity) ?? null,
    owner: typeof owner === 'string' && owner !== '' ? owner : null,
    grouped: group === 'incident',
  };
}

/** The shortest query that filterOf reads as this filter. */
export function queryOf(filter: AlertFilter): Record<string, string> {
  const { status, rule, severity, owner, grouped } = filter;
  return {
    ...(status === 'UNRESOLVED' ? {} : { status }),
    ...(rule === null ? {} : { rule }),
    ...(severity === null ? {} : { severity }),
    ...(owner === null ? {} : { owner }),
    ...(grouped ? { group: 'incident' } : {}),
  };
}

export function needsResolved({ status }: AlertFilter): boolean {
  return status === 'RESOLVED' || status === 'ALL';
}

/** `me`: how alerts name the operator who looks. */
export function arranged(
  alerts: Iterable<AlertView>,
  filter: AlertFilter,
  me: string,
): readonly AlertView[] {
  return [...alerts].filter((alert) => matches(alert, filter, me)).sort(bySeverityThenAge);
}

/** Whether the filter asks for this rule and severity: of an alert, or of an incident. */
export function concerns(
  { rule, severity }: Pick<AlertFilter, 'rule' | 'severity'>,
  about: Pick<AlertView, 'rule' | 'severity'>,
): boolean {
  return (
    (rule === null || about.rule === rule) && (severity === null || about.severity === severity)
  );
}

function matches(alert: AlertView, filter: AlertFilter, me: string): boolean {
  return (
    concerns(filter, alert) &&
    statusMatches(alert, filter.status) &&
    ownerMatches(alert, filter.owner, me)
  );
}

function ownerMatches({ owner }: AlertView, wanted: string | null, me: string): boolean {
  switch (wanted) {
    case null:
      return true;
    case ME:
      return owner === me;
    case NOBODY:
      return owner === null;
    default:
      return owner === wanted;
  }
}

function statusMatches(alert: AlertView, status: StatusChoice): boolean {
  switch (status) {
    case 'UNRESOLVED':
      return alert.status !== 'RESOLVED';
    case 'ALL':
      return true;
    case 'OPEN':
    case 'ACKNOWLEDGED':
    case 'RESOLVED':
      return alert.status === status;
  }
}

function bySeverityThenAge(a: AlertView, b: AlertView): number {
  const ended = Number(a.status === 'RESOLVED') - Number(b.status === 'RESOLVED');
  if (ended !== 0) return ended;
  if (a.severity !== b.severity) return a.severity < b.severity ? -1 : 1;
  return a.detectedAt - b.detectedAt || (a.alertId < b.alertId ? -1 : 1);
}
