import type { Timer } from '../app';
import { compareTimers, type Checkpoint, type Store, type StoreBatch } from './store';

/** A store for the test driver and the simulation. Keeps the same contract as the one on disk. */
export class MemoryStore implements Store {
  private readonly states = new Map<string, Buffer>();
  private readonly timers = new Map<string, Timer>();
  private last: Checkpoint | undefined;

  checkpoint(): Promise<Checkpoint | undefined> {
    return Promise.resolve(this.last);
  }

  getMany(keys: readonly string[]): Promise<readonly (Buffer | undefined)[]> {
    return Promise.resolve(keys.map((key) => this.states.get(key)));
  }

  earliestTimers(limit: number): Promise<readonly Timer[]> {
    return Promise.resolve(this.inOrder().slice(0, limit));
  }

  timersAfter(after: Timer, limit: number): Promise<readonly Timer[]> {
    const later = this.inOrder().filter((timer) => compareTimers(timer, after) > 0);
    return Promise.resolve(later.slice(0, limit));
  }

  write(batch: StoreBatch): Promise<void> {
    for (const timer of batch.timersCleared) this.timers.delete(rowOf(timer));
    for (const timer of batch.timersSet) this.timers.set(rowOf(timer), timer);
    for (const [key, value] of batch.states) {
      if (value === null) this.states.delete(key.toString());
      else this.states.set(key.toString(), value);
    }
    this.last = batch.checkpoint;
    return Promise.resolve();
  }

  clear(): Promise<void> {
    this.states.clear();
    this.timers.clear();
    this.last = undefined;
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private inOrder(): readonly Timer[] {
    return [...this.timers.values()].sort(compareTimers);
  }
}

function rowOf({ key, name, dueAt }: Timer): string {
  return JSON.stringify([dueAt, key, name]);
}
