/**
 * The local state of one task: a cache of its changelog, never a source of truth (S2). It may lag
 * behind the committed offsets after a crash and is then brought up to them (S1); it is never
 * ahead, because a batch is written only after its Kafka transaction has been committed.
 */
import type { Timer } from '../app';

export interface Store {
  /** What the last batch stood for; undefined for a store that nothing was written to. */
  checkpoint(): Promise<Checkpoint | undefined>;
  /** Values in the order of `keys`; undefined where there is none. */
  getMany(keys: readonly string[]): Promise<readonly (Buffer | undefined)[]>;
  /** The first `limit` timers by due time, then key, then name (T2: never a scan of the states). */
  earliestTimers(limit: number): Promise<readonly Timer[]>;
  /** The next `limit` timers behind `after`, in the same order. */
  timersAfter(after: Timer, limit: number): Promise<readonly Timer[]>;
  /** All or nothing, and on disk once it resolves: a kill -9 does not lose it. */
  write(batch: StoreBatch): Promise<void>;
  /** Forgets everything, the checkpoint too. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export interface Checkpoint {
  /** Number of the commit (S1). */
  readonly seq: number;
  /** The changelog has been applied up to here, exclusive. */
  readonly changelogPosition: number;
  /** Which history this is: made anew when an app begins from nothing. */
  readonly storeId: string;
  readonly clusterId: string;
  /** Wall-clock time of the write, ms since the epoch: tells whether tombstones may be gone. */
  readonly writtenAt: number;
}

/** As text, or as the UTF-8 that it came in: a restore has no need to decode it. */
export type StateKey = string | Buffer;

export interface StoreBatch {
  /** A null value deletes the key. */
  readonly states: readonly (readonly [key: StateKey, value: Buffer | null])[];
  readonly timersCleared: readonly Timer[];
  readonly timersSet: readonly Timer[];
  readonly checkpoint: Checkpoint;
}

/** The stores of one app in one instance; tasks never ask where they live. */
export interface Stores {
  /** Rejects with STORE_LOCKED when a living process has it. A damaged one is made anew, loudly. */
  open(partition: number): Promise<Store>;
  /** Forgets a store that turned out to be damaged. It must be closed. */
  destroy(partition: number): Promise<void>;
  /** Partitions that a store is here for: the assignor gives them back (sticky). */
  partitions(): readonly number[];
}

/** The order in which timers fire: by due time, then key, then name, on every machine. */
export function compareTimers(a: Timer, b: Timer): number {
  return a.dueAt - b.dueAt || compareText(a.key, b.key) || compareText(a.name, b.name);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
