/**
 * T2: the timers of a task by due time. Keeps the earliest in memory and leaves the rest on disk,
 * so that a tick costs what is due, not what is open, and memory does not grow with open orders.
 *
 * Every timer due before `horizon` is in the heap; those at or past it are only in the store. A
 * cleared timer leaves its heap entry behind; it is dropped when it reaches the top.
 */
import { Heap } from 'heap-js';
import type { Timer } from '../app';
import { compareTimers } from '../store/store';

const NONE: readonly Timer[] = [];

export class TimerIndex {
  private readonly heap = new Heap<Timer>(compareTimers);
  /** Due time by `key` and `name` of what counts in the heap. */
  private readonly due = new Map<string, number>();
  private horizon = Infinity;
  /** Whether the top of the heap is known to count: it is asked for with every record. */
  private isTopKnown = false;

  constructor(private readonly inMemoryMax: number) {}

  /** Takes the first timers of the store, at most `inMemoryMax`, in order. */
  load(earliest: readonly Timer[]): void {
    this.heap.clear();
    this.due.clear();
    this.isTopKnown = false;
    const last = earliest.at(-1);
    const complete = earliest.length < this.inMemoryMax || last === undefined;
    this.horizon = complete ? Infinity : last.dueAt;
    for (const timer of earliest) if (timer.dueAt < this.horizon || complete) this.insert(timer);
    // All of them due at the same moment: there is no earlier horizon to fall back to.
    if (!complete && this.due.size === 0) {
      this.horizon = last.dueAt + 1;
      for (const timer of earliest) this.insert(timer);
    }
  }

  set(timer: Timer): void {
    if (timer.dueAt < this.horizon) this.insert(timer);
    else this.clear(timer);
  }

  clear(timer: Pick<Timer, 'key' | 'name'>): void {
    this.isTopKnown = false;
    this.due.delete(idOf(timer));
  }

  earliest(): Timer | undefined {
    if (!this.isTopKnown) this.dropOvertaken();
    return this.heap.peek();
  }

  /** Up to `limit` timers due at or before `until`, in order. */
  upcoming(limit: number, until: number): readonly Timer[] {
    const earliest = this.earliest();
    if (earliest === undefined || earliest.dueAt > until) return NONE;
    const top = this.heap.top(Math.min(limit, this.heap.size()));
    return top
      .filter((timer) => timer.dueAt <= until && this.due.get(idOf(timer)) === timer.dueAt)
      .sort(compareTimers);
  }

  /** How many of those in memory are due; ms since the epoch. For people: it looks at each. */
  dueBy(now: number): number {
    let count = 0;
    for (const dueAt of this.due.values()) if (dueAt <= now) count += 1;
    return count;
  }

  /**
   * True when the store has timers that may come next: they must be loaded, after a commit, before
   * anything else is done. Also when the heap has grown too large to go on.
   */
  get mustReload(): boolean {
    const drained = this.horizon !== Infinity && this.earliest() === undefined;
    return drained || this.heap.size() > 2 * this.inMemoryMax;
  }

  private insert(timer: Timer): void {
    this.isTopKnown = false;
    this.due.set(idOf(timer), timer.dueAt);
    this.heap.push(timer);
  }

  private dropOvertaken(): void {
    for (;;) {
      const top = this.heap.peek();
      if (top === undefined || this.due.get(idOf(top)) === top.dueAt) break;
      this.heap.pop();
    }
    this.isTopKnown = true;
  }
}

function idOf({ key, name }: Pick<Timer, 'key' | 'name'>): string {
  return `${key}\u0000${name}`;
}
