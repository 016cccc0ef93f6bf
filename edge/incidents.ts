/**
 * Unresolved alerts as incidents: many alerts of one cause are one thing to look at. Display only:
 * every alert is raised, kept and repaired by itself, and leaves its incident when it is resolved.
 *
 *   gap 5 min   10:00  RULE_A  order 1  ┐
 *               10:04  RULE_A  order 2  ├ one incident, though its ends are 8 minutes apart
 *               10:08  RULE_A  order 3  ┘
 *               10:20  RULE_A  order 4    another
 *               10:01  RULE_C  order 1    another: a rule of its own needs a repair of its own
 *   (test: "alerts of one rule that follow each other closely are one incident")
 *
 * A condition explains the alerts that were detected while it was active, from a moment before it
 * was noticed. What is explained or silenced is quiet: shown, without urgency.
 */
import type { AlertView } from './contract/api-types';
import type { ConditionView, IncidentList, IncidentView, SilenceView } from './contract/incident';
import { limits } from './limits';
import { nextOf, sortValuesOf } from './read-models/cursor';

/** What is known beside the alerts. */
export interface Surroundings {
  readonly conditions: readonly ConditionView[];
  readonly silences: readonly SilenceView[];
}

/** Longer than the pause between two polls of an order, shorter than a coffee. */
const INCIDENT_GAP_MS = 5 * 60_000;

/** A condition is noticed after enough calls have failed; its first victims come before. */
const NOTICED_AFTER_MS = 60_000;

/**
 * What may come of PayPay, or its webhooks, being late, and goes by itself: an order that is behind
 * when all the news comes at once, and one whose payment could not be confirmed within its grace.
 * Money that PayPay says was taken or sent back is explained by no outage.
 */
const EXPLAINS: Readonly<Record<ConditionView['condition'], (alert: AlertView) => boolean>> = {
  PAYPAY_DEGRADED: (alert) => alert.rule === 'RULE_A' || isUnconfirmed(alert),
  WEBHOOKS_SILENT: ({ rule }) => rule === 'RULE_A',
};

/** Rule B by its deadline; without one it fires on PayPay's own word. */
function isUnconfirmed({ rule, deadline }: AlertView): boolean {
  return rule === 'RULE_B' && deadline !== null;
}

export function incidentsOf(
  alerts: readonly AlertView[],
  surroundings: Surroundings,
): readonly IncidentView[] {
  const byTime = [...alerts].sort((a, b) => a.detectedAt - b.detectedAt);
  const groups: AlertView[][] = [];
  /** Of each cause the group that an alert may still join: the latest. */
  const latest = new Map<string, AlertView[]>();
  for (const alert of byTime) {
    const cause = causeOf(alert, surroundings);
    const group = latest.get(cause);
    if (group !== undefined && follows(alert, group)) {
      group.push(alert);
      continue;
    }
    const members = [alert];
    latest.set(cause, members);
    groups.push(members);
  }
  return groups.map((members) => incidentOf(members, surroundings)).sort(inOrder);
}

/** A page of them, as they are sorted. Throws `INVALID_FIELD` on what is no cursor of theirs. */
export function incidentPage(
  incidents: readonly IncidentView[],
  before?: string,
): Pick<IncidentList, 'incidents' | 'next'> {
  const [quiet, startedAt, incidentId] = sortValuesOf(before, ['int', 'instant', 'text']);
  const after = {
    quiet: quiet === 1,
    startedAt: Number(startedAt),
    incidentId: String(incidentId),
  };
  const rest =
    before === undefined ? incidents : incidents.filter((each) => inOrder(each, after) > 0);
  const page = rest.slice(0, limits.listRowsMax);
  const next = page.length < rest.length ? nextOf(page, page.length, sortedBy) : null;
  return { incidents: page, next };
}

type Sorted = Pick<IncidentView, 'quiet' | 'startedAt' | 'incidentId'>;

function inOrder(a: Sorted, b: Sorted): number {
  if (a.quiet !== b.quiet) return a.quiet ? 1 : -1;
  if (a.startedAt !== b.startedAt) return a.startedAt - b.startedAt;
  if (a.incidentId === b.incidentId) return 0;
  return a.incidentId < b.incidentId ? -1 : 1;
}

function sortedBy({ quiet, startedAt, incidentId }: Sorted) {
  return [Number(quiet), startedAt, incidentId];
}

function causeOf(alert: AlertView, surroundings: Surroundings): string {
  return [alert.rule, alert.currency, explanationOf(alert, surroundings)].join('/');
}

function follows({ detectedAt }: AlertView, members: readonly AlertView[]): boolean {
  return detectedAt - (members.at(-1)?.detectedAt ?? 0) <= INCIDENT_GAP_MS;
}

function incidentOf(members: readonly AlertView[], surroundings: Surroundings): IncidentView {
  const [first] = members;
  const last = members.at(-1);
  if (first === undefined || last === undefined) throw new Error('an incident without alerts');
  const { rule, severity, currency, alertId, detectedAt: startedAt } = first;
  const explainedBy = explanationOf(first, surroundings);
  return {
    incidentId: `${rule}/${alertId}`,
    rule,
    severity,
    startedAt,
    lastDetectedAt: last.detectedAt,
    moneyAtRisk: members.reduce((sum, { moneyAtRisk }) => sum + moneyAtRisk, 0),
    currency,
    count: members.length,
    alertIds: members.slice(0, limits.listRowsMax).map((member) => member.alertId),
    explainedBy,
    quiet: explainedBy !== null || members.every((member) => isSilenced(member, surroundings)),
  };
}

function explanationOf(
  alert: AlertView,
  { conditions }: Surroundings,
): ConditionView['condition'] | null {
  const explaining = conditions.find(
    ({ condition, since }) =>
      EXPLAINS[condition](alert) && alert.detectedAt >= since - NOTICED_AFTER_MS,
  );
  return explaining?.condition ?? null;
}

function isSilenced({ rule, orderId }: AlertView, { silences }: Surroundings): boolean {
  return silences.some(
    (silence) => (silence.rule ?? rule) === rule && (silence.orderId ?? orderId) === orderId,
  );
}
