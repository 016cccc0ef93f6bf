/** What the codes of alerts say to an operator. */
import type { AlertView } from '../../edge/api';
import type { Rule, StatusChoice } from './alert-filter';

export const RULE_WORDS: Readonly<Record<Rule, string>> = {
  RULE_A: 'Paid, order does not show it',
  RULE_B: 'Order PAID, payment gone',
  RULE_C: 'Money taken for a failed order',
  RULE_D: 'Paid twice',
  RULE_E: 'Wrong amount',
  RULE_F: 'A repair failed',
};

export const STATUS_WORDS: Readonly<Record<StatusChoice, string>> = {
  UNRESOLVED: 'Not resolved',
  OPEN: 'Open',
  ACKNOWLEDGED: 'Acknowledged',
  RESOLVED: 'Resolved',
  ALL: 'All',
};

const RESOLVED_BY_WORDS: Readonly<Record<NonNullable<AlertView['resolvedBy']>, string>> = {
  FACTS: 'by the facts',
  SUPERSEDED: 'another alert says it better',
  OPERATOR: 'by an operator',
};

/** RULE_A is rule A. */
export function ruleLetter(rule: Rule): string {
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
