/**
 * How many calls PayPay is asked for: a bucket that fills steadily and holds what a quiet time
 * saved up. Times in ms since the epoch.
 */
export interface Budget {
  /** Calls that may be made at `at`; below zero after PayPay asked for a pause. */
  readonly calls: number;
  readonly at: number;
}

export interface BudgetSettings {
  readonly callsPerSecond: number;
  readonly callsBurst: number;
}

export type Spending =
  | { readonly kind: 'spent'; readonly budget: Budget }
  /** Ask again after `waitMs`. */
  | { readonly kind: 'empty'; readonly waitMs: number };

export function fullBudget(settings: BudgetSettings, now: number): Budget {
  return { calls: settings.callsBurst, at: now };
}

/** Takes one call out. */
export function spend(budget: Budget, now: number, settings: BudgetSettings): Spending {
  const calls = callsAt(budget, now, settings);
  if (calls >= 1) return { kind: 'spent', budget: { calls: calls - 1, at: now } };
  return { kind: 'empty', waitMs: Math.ceil(((1 - calls) * 1_000) / settings.callsPerSecond) };
}

/** A call that was paid for and not made. */
export function giveBack({ calls, at }: Budget): Budget {
  return { calls: calls + 1, at };
}

/** PayPay says that there were too many: the next call is at least `pauseMs` away. */
export function pause(
  budget: Budget,
  now: number,
  pauseMs: number,
  settings: BudgetSettings,
): Budget {
  const owed = 1 - (pauseMs * settings.callsPerSecond) / 1_000;
  return { calls: Math.min(owed, callsAt(budget, now, settings)), at: now };
}

function callsAt({ calls, at }: Budget, now: number, settings: BudgetSettings): number {
  const saved = (Math.max(0, now - at) * settings.callsPerSecond) / 1_000;
  return Math.min(settings.callsBurst, calls + saved);
}
