import { OPERATIONS, type Operation } from './fault-plan';

/** An hour: longer than a proof or a load that somebody watches. */
const SECONDS_MAX = 3_600;

/** Calls of the API within one second of the simulator's clock. */
export interface SecondOfCalls {
  /** Milliseconds since the epoch, a whole second. */
  readonly at: number;
  readonly calls: Readonly<Partial<Record<Operation, number>>>;
}

/** How often each operation was called, second by second; broken and refused calls count too. */
export class CallCount {
  private readonly seconds: SecondOfCalls[] = [];
  private readonly totals = new Map<Operation, number>();

  note(operation: Operation, at: number): void {
    this.totals.set(operation, this.total(operation) + 1);
    const second = Math.floor(at / 1_000) * 1_000;
    const last = this.seconds.at(-1);
    const isSame = last !== undefined && last.at >= second;
    const calls = isSame ? last.calls : {};
    const changed = {
      at: isSame ? last.at : second,
      calls: { ...calls, [operation]: (calls[operation] ?? 0) + 1 },
    };
    if (isSame) this.seconds.pop();
    this.seconds.push(changed);
    if (this.seconds.length > SECONDS_MAX) this.seconds.shift();
  }

  /** Since the simulator was started. */
  get totalsByOperation(): Readonly<Record<Operation, number>> {
    const totals = OPERATIONS.map((operation) => [operation, this.total(operation)] as const);
    return Object.fromEntries(totals) as Record<Operation, number>;
  }

  /** Seconds with calls from `since` on, oldest first. */
  since(since: number): readonly SecondOfCalls[] {
    return this.seconds.filter(({ at }) => at >= since);
  }

  private total(operation: Operation): number {
    return this.totals.get(operation) ?? 0;
  }
}
