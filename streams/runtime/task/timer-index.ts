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

/** Where a timer stands in the heap's array. */
interface Place {
  readonly at: number;
  readonly timer: Timer;
}

export class TimerIndex {
  private readonly heap = new Heap<Timer>(compareTimers);
  /** Due time of what counts in the heap, by name and key: names are few, and no id is put together. */
  private readonly due = new Map<string, Map<string, number>>();
  private horizon = Infinity;
  /** Whether the top of the heap is known to count: it is asked for with every record. */
  private isTopKnown = false;

  constructor(private readonly inMemoryMax: number) {}

  /** Takes the first timers of the store, at most `inMemoryMax`, in order. */
  load(earliest: readonly Timer[]): void {
    this.heap.clear();
    for (const keys of this.due.values()) keys.clear();
    this.isTopKnown = false;
    const last = earliest.at(-1);
    const complete = earliest.length < this.inMemoryMax || last === undefined;
    this.horizon = complete ? Infinity : last.dueAt;
    for (const timer of earliest) if (timer.dueAt < this.horizon || complete) this.insert(timer);
    // All of them due at the same moment: there is no earlier horizon to fall back to.
    if (!complete && this.heap.size() === 0) {
      this.horizon = last.dueAt + 1;
      for (const timer of earliest) this.insert(timer);
    }
  }

  set(timer: Timer): void {
    if (timer.dueAt < this.horizon) this.insert(timer);
    else this.clear(timer);
  }

  clear({ key, name }: Pick<Timer, 'key' | 'name'>): void {
    this.isTopKnown = false;
    this.due.get(name)?.delete(key);
  }

  earliest(): Timer | undefined {
    if (!this.isTopKnown) this.dropOvertaken();
    return this.heap.peek();
  }

  /** Up to `limit` timers due at or before `until`, in order. */
  upcoming(limit: number, until: number): readonly Timer[] {
    const earliest = this.earliest();
    if (earliest === undefined || earliest.dueAt > until) return NONE;
    const { heapArray } = this.heap;
    const found: Timer[] = [];
    // From the top down, the earliest first: below a timer the heap has none that is due before it.
    const next = new Heap<Place>((a, b) => compareTimers(a.timer, b.timer));
    const look = (at: number) => {
      const timer = heapArray[at];
      if (timer !== undefined && timer.dueAt <= until) next.push({ at, timer });
    };
    look(0);
    for (let place = next.pop(); place !== undefined; place = next.pop()) {
      if (this.counts(place.timer) && found.push(place.timer) >= limit) break;
      look(2 * place.at + 1);
      look(2 * place.at + 2);
    }
    return found;
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
    const { key, name, dueAt } = timer;
    const keys = this.due.get(name);
    if (keys === undefined) this.due.set(name, new Map([[key, dueAt]]));
    else keys.set(key, dueAt);
    this.heap.push(timer);
  }

  private counts({ key, name, dueAt }: Timer): boolean {
    return this.due.get(name)?.get(key) === dueAt;
  }

  private dropOvertaken(): void {
    for (;;) {
      const top = this.heap.peek();
      if (top === undefined || this.counts(top)) break;
      this.heap.pop();
    }
    this.isTopKnown = true;
  }
}
