/**
 * The rules as callers of the API name and show them. Brings no schema along, so that the dashboard
 * may import it.
 */
import { ALERT_RULES, alertRules, type AlertRule } from '../../topics/alert-rules';

export { alertRules, type AlertRule };

/** What each says to an operator, in a few words. */
export const alertRuleTitles = Object.fromEntries(
  Object.entries(ALERT_RULES).map(([rule, { title }]) => [rule, title]),
) as Readonly<Record<AlertRule, string>>;
