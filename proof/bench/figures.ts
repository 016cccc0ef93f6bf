/** What a question's rounds gave: a figure of a kind for each side and round. */

export interface Metric {
  readonly name: string;
  /** Of the median in a table; 0 for whole numbers. */
  readonly decimals: number;
  readonly better: 'more' | 'less';
}

export interface SideRounds {
  readonly side: string;
  /** A round each, by the metric's name; a metric may be missing of a side that does not have it. */
  readonly rounds: readonly Readonly<Record<string, number>>[];
}

export interface Answer {
  /** As its command has it: `join` of `bench:join`. */
  readonly question: string;
  readonly title: string;
  /** What was done, and how it is measured; a sentence each. */
  readonly notes: readonly string[];
  readonly metrics: readonly Metric[];
  /** The first is what the others are compared with. */
  readonly sides: readonly SideRounds[];
}
