/**
 * Virtual time. Everything that waits, for time or for an answer, is an entry here; entries run one
 * at a time, and only once no promise has anything left to do. Entries of the same moment run in an
 * order that the seed draws.
 *
 * What always holds: nothing waits for the real clock, so a run is a function of its seed.
 */
import { setImmediate as afterAllPromises } from 'node:timers';
import { Heap } from 'heap-js';
import type { Random } from './random';

interface Entry {
  readonly at: number;
  /** Decides between entries of one moment. */
  readonly draw: number;
  readonly run: () => void;
  cancelled: boolean;
}

/** Entries of one run; a healthy one needs a hundredth. More is a loop without end. */
const ENTRIES_MAX = 2_000_000;

/**
 * Entries run in one turn of the real event loop. Node lets every promise go on between two
 * immediates, so more of them at once change nothing but what the loop itself costs.
 */
const TURNS_PER_LOOP = 64;

export class Scheduler {
  private readonly entries = new Heap<Entry>((a, b) => a.at - b.at || a.draw - b.draw);
  private entriesRun = 0;

  constructor(
    private time: number,
    private readonly random: Random,
  ) {}

  /** Milliseconds since the epoch. */
  get now(): number {
    return this.time;
  }

  get steps(): number {
    return this.entriesRun;
  }

  /** Gives a function that takes it back. */
  after(delayMs: number, run: () => void): () => void {
    const at = this.time + Math.max(0, delayMs);
    const entry = { at, draw: this.random.share(), run, cancelled: false };
    this.entries.push(entry);
    return () => {
      entry.cancelled = true;
    };
  }

  /** Runs what is due until then. Rejects with what an entry throws. */
  runUntil(time: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let over = false;
      const turn = () => {
        if (over) return;
        try {
          over = !this.runNext(time);
          if (over) resolve();
        } catch (error) {
          over = true;
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      const takeTurns = () => {
        if (over) return;
        for (let turns = 0; turns < TURNS_PER_LOOP; turns += 1) afterAllPromises(turn);
        afterAllPromises(takeTurns);
      };
      takeTurns();
    });
  }

  /** False when nothing is due until then. */
  private runNext(time: number): boolean {
    let next = this.entries.peek();
    while (next?.cancelled === true) {
      this.entries.pop();
      next = this.entries.peek();
    }
    if (next === undefined || next.at > time) {
      this.time = time;
      return false;
    }
    this.entries.pop();
    this.entriesRun += 1;
    if (this.entriesRun > ENTRIES_MAX) throw new Error('the simulation does not come to rest');
    this.time = next.at;
    next.run();
    return true;
  }
}
