/** Dead letters by what is behind them, and how it stands with those that could be redriven. Pure. */
import type { DeadLetterState, DeadLetterView } from '../../edge/contract/api-types';

/** Why an app set records aside: what is mended once is redriven together. */
export interface DeadLetterReason {
  readonly app: string;
  readonly errorCode: string;
}

export interface ReasonCount extends DeadLetterReason {
  readonly count: number;
}

/** Each reason with how many of these letters it is of; the commonest first. */
export function reasonsOf(letters: readonly DeadLetterView[]): readonly ReasonCount[] {
  const counts = new Map<string, ReasonCount>();
  for (const { app, errorCode } of letters) {
    const name = `${app}/${errorCode}`;
    counts.set(name, { app, errorCode, count: (counts.get(name)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count || a.app.localeCompare(b.app));
}

export interface RedriveOutlook {
  /** Would be written again. */
  readonly waiting: readonly DeadLetterState[];
  /** Were written again before. */
  readonly redriven: number;
  /** Cannot be. */
  readonly lost: readonly DeadLetterState[];
}

export function outlookOf(letters: readonly DeadLetterState[]): RedriveOutlook {
  return {
    waiting: letters.filter(({ state }) => state === 'waiting'),
    redriven: letters.filter(({ state }) => state === 'redriven').length,
    lost: letters.filter(({ state }) => state === 'lost'),
  };
}
