/** What many rounds, or many latencies, come to. All functions want at least one value. */

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = ascending(values);
  return { median: quantile(sorted, 0.5), min: at(sorted, 0), max: at(sorted, sorted.length - 1) };
}

/** The value at or below which that share of all lies (nearest rank); the middle of two for 0.5. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = ascending(values);
  if (share === 0.5 && sorted.length % 2 === 0) {
    return (at(sorted, sorted.length / 2 - 1) + at(sorted, sorted.length / 2)) / 2;
  }
  return at(sorted, Math.max(0, Math.ceil(share * sorted.length) - 1));
}

function ascending(values: readonly number[]): readonly number[] {
  if (values.length === 0) throw new Error('there is nothing to take a figure of');
  return [...values].sort((a, b) => a - b);
}

function at(sorted: readonly number[], index: number): number {
  return sorted[index] ?? NaN;
}
