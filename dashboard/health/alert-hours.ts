/** Alerts by the hour in which they were raised, and by rule, for a curve. Pure. */
import { alertRules, type AlertRule } from '../../edge/contract/alert-rule';
import type { AlertView } from '../../edge/contract/api-types';

const HOUR_MS = 3_600_000;
/** A day fits beside the rest of the page. */
const HOURS = 24;

export interface AlertHours {
  /** When each hour began, ms since the epoch; oldest first, the running one last. */
  readonly hours: readonly number[];
  /** For each rule that raised any, how many in each of those hours. */
  readonly counts: readonly { readonly rule: AlertRule; readonly values: readonly number[] }[];
}

export function alertHoursOf(
  alerts: readonly Pick<AlertView, 'rule' | 'raisedAt'>[],
  now: number,
): AlertHours {
  const last = Math.floor(now / HOUR_MS) * HOUR_MS;
  const hours = Array.from({ length: HOURS }, (_, hour) => last - (HOURS - 1 - hour) * HOUR_MS);
  const [first = last] = hours;
  const counts = alertRules.map((rule) => {
    const values = hours.map(() => 0);
    for (const alert of alerts) {
      const hour = Math.floor((alert.raisedAt - first) / HOUR_MS);
      if (alert.rule === rule && hour >= 0 && hour < HOURS) values[hour] = (values[hour] ?? 0) + 1;
    }
    return { rule, values };
  });
  return { hours, counts: counts.filter(({ values }) => values.some((count) => count > 0)) };
}
