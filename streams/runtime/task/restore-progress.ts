/**
 * How far a restore has come, for logs, health and metrics. Pure: whoever restores says what was
 * read and what time it is.
 *
 * The rate counts records, the time left counts offsets: compaction and control records leave gaps,
 * so how many records are still ahead is not known, how many offsets are is.
 */

/** What a restore tells of itself. */
export interface RestoreReport {
  /** Changelog records applied so far. */
  readonly records: number;
  /** Over the whole restore so far, a second. */
  readonly recordsPerSecond: number;
  /** Offsets of the changelog between its position and its target. */
  readonly offsetsLeft: number;
  /** At the rate so far; Infinity while nothing was read. */
  readonly secondsLeft: number;
}

export interface RestoreSpan {
  /** First offset to read. */
  readonly from: number;
  /** Read up to here, exclusive. */
  readonly to: number;
}

export class RestoreProgress {
  private records = 0;
  private position: number;
  private reportedAt: number;

  constructor(
    private readonly span: RestoreSpan,
    /** ms since the epoch. */
    private readonly startedAt: number,
  ) {
    this.position = span.from;
    this.reportedAt = startedAt;
  }

  /** Records were applied, and everything below `position` is in the store. */
  applied(records: number, position: number): void {
    this.records += records;
    this.position = position;
  }

  report(now: number): RestoreReport {
    const seconds = Math.max(now - this.startedAt, 1) / 1_000;
    const offsetsDone = this.position - this.span.from;
    const offsetsLeft = Math.max(0, this.span.to - this.position);
    return {
      records: this.records,
      recordsPerSecond: Math.round(this.records / seconds),
      offsetsLeft,
      secondsLeft: offsetsLeft === 0 ? 0 : Math.round(offsetsLeft / (offsetsDone / seconds)),
    };
  }

  /** True once every `everyMs`: a restore of hours must not be silent, nor fill the log. */
  isDue(now: number, everyMs: number): boolean {
    if (now - this.reportedAt < everyMs) return false;
    this.reportedAt = now;
    return true;
  }
}
