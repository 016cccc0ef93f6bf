/**
 * Calls that wait for the budget, over all orders and partitions. Kinds take turns by their shares;
 * within a kind the oldest wait comes first, so with N orders waiting and R calls a second none
 * waits longer than N/R, whatever the others ask.
 *
 * With codes (C), polls (P) and checks (W) waiting, the calls go C P C C P C W C P C and so on
 * ("kinds take turns by their shares"). An order that was sent away unanswered keeps the time it
 * waits since, so it comes back ahead of those that came later ("no order waits more than its
 * share").
 */
import { Heap } from 'heap-js';
import { SHARES, URGENCIES, type Urgency } from './urgency';

export interface Waiting {
  readonly urgency: Urgency;
  /** ms since the epoch. */
  readonly since: number;
}

interface Entry<T> {
  readonly waiting: T;
  /** Equal waits go by who came first. */
  readonly arrival: number;
}

interface Kind<T> {
  readonly urgency: Urgency;
  readonly heap: Heap<Entry<T>>;
  /** Grows by its share at each call while something waits; the largest credit is served. */
  credit: number;
}

export class CallQueue<T extends Waiting> {
  private readonly kinds: readonly Kind<T>[] = URGENCIES.map((urgency) => ({
    urgency,
    heap: new Heap<Entry<T>>((a, b) => a.waiting.since - b.waiting.since || a.arrival - b.arrival),
    credit: 0,
  }));
  private arrivals = 0;

  get length(): number {
    return this.kinds.reduce((sum, { heap }) => sum + heap.size(), 0);
  }

  get isEmpty(): boolean {
    return this.kinds.every(({ heap }) => heap.isEmpty());
  }

  add(waiting: T): void {
    this.arrivals += 1;
    this.kindOf(waiting).heap.push({ waiting, arrival: this.arrivals });
  }

  remove(waiting: T): void {
    const { heap } = this.kindOf(waiting);
    const entry = heap.toArray().find((each) => each.waiting === waiting);
    if (entry !== undefined) heap.remove(entry, (a, b) => a === b);
  }

  /** Takes out whose turn it is. */
  next(): T | undefined {
    const waiting = this.kinds.filter(({ heap }) => !heap.isEmpty());
    const [first] = waiting;
    if (first === undefined) return undefined;
    for (const kind of waiting) kind.credit += SHARES[kind.urgency];
    const chosen = waiting.reduce((best, kind) => (kind.credit > best.credit ? kind : best), first);
    chosen.credit -= waiting.reduce((sum, { urgency }) => sum + SHARES[urgency], 0);
    const taken = chosen.heap.pop()?.waiting;
    // A kind saves nothing up while it has nothing to ask.
    for (const kind of this.kinds) if (kind.heap.isEmpty()) kind.credit = 0;
    return taken;
  }

  private kindOf({ urgency }: T): Kind<T> {
    const kind = this.kinds.find((each) => each.urgency === urgency);
    if (kind === undefined) throw new Error(`there is no kind ${urgency}`);
    return kind;
  }
}
