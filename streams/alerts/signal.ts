/**
 * What a rule says about an order: that it fired, and that what it fired about is gone. A rule
 * gives its whole history, as a function of the facts alone; alert.ts makes alerts of it.
 *
 * What always holds: when more facts become known, the history only grows at its end. So the
 * signals that were turned into alerts need no other memory than their number, and the order in
 * which the two topics are read cannot change an alert.
 *
 * A rule keeps to that in one of two ways:
 * - it speaks at once, because no fact that may still be unread can change what it says (C, D, E);
 * - it stops at a moment whose facts may not all be known, and names the log time up to which it
 *   needs them (A, B). A timer at that time is the proof (T1).
 */
import type { EventOf } from '../../schemas/event';
import type { Evident, OrderFacts } from './order-facts';
import type { AlertsSettings } from './settings';

export interface Triggered {
  readonly kind: 'triggered';
  /** Gives the alert its id. */
  readonly trigger: Evident;
  /** Log time at which the rule fired. */
  readonly at: number;
  /** Log time until which the answer could have come; null for a rule that fires at once. */
  readonly deadline: number | null;
  readonly moneyAtRisk: number;
  readonly currency: string;
  readonly expected: string;
  readonly observed: string;
  readonly evidence: readonly Evident[];
}

export interface Cleared {
  readonly kind: 'cleared';
  readonly at: number;
  /** SUPERSEDED: another rule says it better. */
  readonly resolvedBy: 'FACTS' | 'SUPERSEDED';
  readonly detail: string;
  /** The fact that cleared it, and gives the resolution its id. */
  readonly fact: Evident;
}

/** What it fired about is worth another sum now. */
export interface Revalued {
  readonly kind: 'revalued';
  readonly at: number;
  readonly moneyAtRisk: number;
  readonly currency: string;
  readonly observed: string;
  /** Gives the change its id. */
  readonly fact: Evident;
}

export type Signal = Triggered | Revalued | Cleared;

export type RuleHistory =
  /** Nothing to wait for but facts. */
  | { readonly kind: 'complete'; readonly signals: readonly Signal[] }
  /** There may be more once all that was logged before `needs` is known. */
  | { readonly kind: 'undecided'; readonly signals: readonly Signal[]; readonly needs: number };

export type RuleName = EventOf<'AlertRaised'>['rule'];

export interface Rule {
  readonly name: RuleName;
  /** P1: money is at risk now. */
  readonly severity: EventOf<'AlertRaised'>['severity'];
  history(facts: OrderFacts, settings: AlertsSettings): RuleHistory;
}

/** Nothing happened yet that the rule speaks of. */
export const NOTHING_YET: RuleHistory = { kind: 'complete', signals: [] };

export function complete(signals: readonly Signal[]): RuleHistory {
  return signals.length === 0 ? NOTHING_YET : { kind: 'complete', signals };
}

export function undecided(signals: readonly Signal[], needs: number): RuleHistory {
  return { kind: 'undecided', signals, needs };
}
