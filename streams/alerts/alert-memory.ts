/**
 * The alerts that an order remembers: the newest of each rule, and an older one as long as its
 * repair is in progress, so that the outcome still finds it. Sorted by rule, then by age. The newest
 * knows the requests that its predecessors took, so that a repeat of one is still told as a repeat.
 */
import type { AlertMemory } from './alert';
import type { RuleName } from './signal';

export function newestAlertOf(
  alerts: readonly AlertMemory[],
  rule: RuleName,
): AlertMemory | undefined {
  return alerts.findLast((alert) => alert.rule === rule);
}

export function alertWithId(
  alerts: readonly AlertMemory[],
  alertId: string,
): AlertMemory | undefined {
  return alerts.find((alert) => alert.alertId === alertId);
}

export function isNewest(alerts: readonly AlertMemory[], alert: AlertMemory): boolean {
  return newestAlertOf(alerts, alert.rule)?.alertId === alert.alertId;
}

/** With `changed` in its former place, or as the newest of its rule. */
export function withAlert(alerts: readonly AlertMemory[], changed: AlertMemory): AlertMemory[] {
  const isKnown = alertWithId(alerts, changed.alertId) !== undefined;
  const all = isKnown
    ? alerts.map((alert) => (alert.alertId === changed.alertId ? changed : alert))
    : [...alerts, successor(newestAlertOf(alerts, changed.rule), changed)].sort((a, b) =>
        a.rule < b.rule ? -1 : Number(a.rule > b.rule),
      );
  return all.filter((alert) => alert.action !== null || isNewest(all, alert));
}

function successor(former: AlertMemory | undefined, alert: AlertMemory): AlertMemory {
  if (former === undefined) return alert;
  const { commands, commandFingerprints } = former;
  return { ...alert, commands, commandFingerprints };
}
