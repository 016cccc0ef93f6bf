/**
 * What a backtest says against what was raised. An alert's id derives from its rule, its order and
 * its trigger, so the same alert is found on both sides whatever the graces were.
 *
 *     only in the run      more
 *     only on the topics   fewer
 *     on both              the same, or otherwise: detected, repeated or resolved at another time
 */
import type { AlertOutcome } from './alert-outcome';

export interface Comparison {
  readonly same: number;
  readonly more: readonly AlertOutcome[];
  readonly fewer: readonly AlertOutcome[];
  readonly otherwise: readonly Pair[];
  readonly raised: Sums;
  readonly run: Sums;
}

export interface Pair {
  readonly raised: AlertOutcome;
  readonly run: AlertOutcome;
}

/** Of one side; `moneyAtRisk` by currency, in its whole units. */
export interface Sums {
  readonly alerts: number;
  readonly byRule: Readonly<Record<string, number>>;
  readonly moneyAtRisk: Readonly<Record<string, number>>;
}

type Outcomes = ReadonlyMap<string, AlertOutcome>;

export function compare(raised: Outcomes, run: Outcomes): Comparison {
  const pairs = [...raised].flatMap(([alertId, outcome]) => {
    const other = run.get(alertId);
    return other === undefined ? [] : [{ raised: outcome, run: other }];
  });
  const otherwise = pairs.filter((pair) => !isSame(pair));
  return {
    same: pairs.length - otherwise.length,
    more: sorted([...run.values()].filter(({ alertId }) => !raised.has(alertId))),
    fewer: sorted([...raised.values()].filter(({ alertId }) => !run.has(alertId))),
    otherwise: otherwise.sort((a, b) => a.raised.detectedAt - b.raised.detectedAt),
    raised: sumsOf(raised),
    run: sumsOf(run),
  };
}

export function isDifferent({ more, fewer, otherwise }: Comparison): boolean {
  return more.length + fewer.length + otherwise.length > 0;
}

function isSame({ raised, run }: Pair): boolean {
  return JSON.stringify(essence(raised)) === JSON.stringify(essence(run));
}

/** Everything; named, so that the order of the fields does not matter. */
function essence({ detectedAt, moneyAtRisk, currency, evidence, count, end }: AlertOutcome) {
  const ended = end.kind === 'open' ? ['open'] : [end.kind, end.at, end.by];
  const places = evidence.map(({ topic, partition, offset }) => [topic, partition, offset]);
  return [detectedAt, moneyAtRisk, currency, places, count, ended];
}

function sorted(outcomes: readonly AlertOutcome[]): readonly AlertOutcome[] {
  return [...outcomes].sort((a, b) => a.detectedAt - b.detectedAt);
}

function sumsOf(outcomes: Outcomes): Sums {
  const byRule: Record<string, number> = {};
  const moneyAtRisk: Record<string, number> = {};
  for (const { rule, currency, moneyAtRisk: amount } of outcomes.values()) {
    byRule[rule] = (byRule[rule] ?? 0) + 1;
    moneyAtRisk[currency] = (moneyAtRisk[currency] ?? 0) + amount;
  }
  return { alerts: outcomes.size, byRule, moneyAtRisk };
}
