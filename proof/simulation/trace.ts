/** What happened in a run, for people. Costs nothing unless somebody reads it. */
export type Trace = (who: string, what: () => string) => void;

export const noTrace: Trace = () => undefined;

/** Keeps the newest lines, each with its virtual time in seconds since the start. */
export class TraceTail {
  private readonly lines: string[] = [];

  constructor(
    private readonly clock: { readonly now: number },
    private readonly startAt: number,
    private readonly linesMax: number,
  ) {}

  readonly trace: Trace = (who, what) => {
    const seconds = ((this.clock.now - this.startAt) / 1_000).toFixed(3).padStart(8);
    this.lines.push(`${seconds}  ${who.padEnd(14)}  ${what()}`);
    if (this.lines.length > 2 * this.linesMax) this.lines.splice(0, this.linesMax);
  };

  get tail(): readonly string[] {
    return this.lines.slice(-this.linesMax);
  }
}
