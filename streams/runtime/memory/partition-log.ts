/**
 * The log of one partition as a broker keeps it. Source of truth for what stands at which offset
 * and for what a reader may see.
 *
 *   offset              0   1   2   3   4   5
 *                       a   x   b   C   y   z        C: the marker that committed the one of x
 *                           └ transaction 7 ┘ └ 8, open: last stable offset 4, high watermark 6
 *
 * A record is stamped when it is appended and may be read once the replicas have it: the high
 * watermark follows the end.
 *
 * What always holds: offsets only grow, timestamps never fall, a marker takes an offset and is
 * never read, nothing at or past the high watermark is read, and by a read_committed reader nothing
 * at or past the first record of an open transaction either.
 */
import type { Isolation, LogRecord, NewRecord } from '../broker';

interface Entry {
  readonly record: LogRecord;
  /** Number of the transaction that wrote it; undefined outside of any. */
  readonly transaction: number | undefined;
}

export interface LogRead {
  readonly records: readonly LogRecord[];
  readonly nextOffset: number;
}

export class PartitionLog {
  private entries: Entry[] = [];
  /** Offset of the first record of each open transaction. */
  private readonly open = new Map<number, number>();
  private readonly aborted = new Set<number>();
  /** Offsets that the replicas do not have yet, in ascending order. */
  private readonly unreplicated = new Set<number>();
  private readonly watchers = new Set<() => void>();
  private lastTimestamp = 0;
  /** First offset that can still be read. */
  start = 0;
  /** One past the last offset, open transactions included. */
  end = 0;
  /** Below it the replicas have everything. */
  highWatermark = 0;

  /** `replicate`: calls when the replicas have what was appended, at once or later, in any order. */
  constructor(private readonly replicate: (done: () => void) => void = (done) => done()) {}

  /** Gives the record's offset. `now`: the broker's clock, ms since the epoch. */
  append(record: NewRecord, now: number, transaction?: number): number {
    const offset = this.end;
    this.lastTimestamp = Math.max(this.lastTimestamp, now);
    if (transaction !== undefined && !this.open.has(transaction)) {
      this.open.set(transaction, offset);
    }
    const { topic, partition, key, value, headers } = record;
    const stored: LogRecord = {
      topic,
      partition,
      offset,
      timestamp: this.lastTimestamp,
      key: Buffer.from(key),
      value,
      headers: Object.fromEntries(
        Object.entries(headers ?? {}).map(([name, text]) => [name, Buffer.from(text)]),
      ),
    };
    this.entries.push({ record: stored, transaction });
    this.grow();
    return offset;
  }

  /** Writes the marker that ends a transaction here. */
  mark(transaction: number, outcome: 'committed' | 'aborted'): void {
    this.open.delete(transaction);
    if (outcome === 'aborted') this.aborted.add(transaction);
    this.grow();
  }

  get lastStableOffset(): number {
    return Math.min(this.highWatermark, ...this.open.values());
  }

  /** Committed records from `offset` on, at most `recordsMax`. */
  readStable(offset: number, recordsMax = Infinity): LogRead {
    return this.read('read_committed', offset, recordsMax);
  }

  /** Where such a reader comes to an end for now. */
  endFor(isolation: Isolation): number {
    return isolation === 'read_committed' ? this.lastStableOffset : this.highWatermark;
  }

  /** Records from `offset` on that such a reader sees, at most `recordsMax`. */
  read(isolation: Isolation, offset: number, recordsMax = Infinity): LogRead {
    const end = this.endFor(isolation);
    const records: LogRecord[] = [];
    for (let at = this.indexOf(offset); at < this.entries.length; at += 1) {
      const entry = this.entries[at];
      if (entry === undefined || entry.record.offset >= end) break;
      if (records.length === recordsMax) return { records, nextOffset: entry.record.offset };
      if (isolation === 'read_uncommitted' || this.isCommitted(entry)) records.push(entry.record);
    }
    return { records, nextOffset: Math.max(offset, end) };
  }

  /** Told whenever more can be read than before, until `unwatch`. */
  watch(changed: () => void): void {
    this.watchers.add(changed);
  }

  unwatch(changed: () => void): void {
    this.watchers.delete(changed);
  }

  deleteBefore(offset: number): void {
    this.start = Math.max(this.start, offset);
    this.entries = this.entries.slice(this.indexOf(this.start));
  }

  /**
   * Keeps the newest committed record of each key, and what is not stable yet. A tombstone goes
   * once it is older than `tombstonesKeptMs`.
   */
  compact(now: number, tombstonesKeptMs: number): void {
    const stable = this.lastStableOffset;
    const newest = new Map<string, number>();
    for (const entry of this.entries) {
      if (entry.record.offset < stable && this.isCommitted(entry)) {
        newest.set(keyOf(entry.record), entry.record.offset);
      }
    }
    this.entries = this.entries.filter(({ record }) => {
      if (record.offset >= stable) return true;
      if (newest.get(keyOf(record)) !== record.offset) return false;
      return record.value !== null || now - record.timestamp <= tombstonesKeptMs;
    });
  }

  private grow(): void {
    const offset = this.end;
    this.end += 1;
    this.unreplicated.add(offset);
    this.replicate(() => {
      this.unreplicated.delete(offset);
      const [lowest = this.end] = this.unreplicated;
      this.highWatermark = lowest;
      this.tellWatchers();
    });
  }

  private isCommitted({ transaction }: Entry): boolean {
    return transaction === undefined || !this.aborted.has(transaction);
  }

  /** Place of the first entry at or past `offset`. */
  private indexOf(offset: number): number {
    let from = 0;
    let to = this.entries.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.entries[middle]?.record.offset ?? 0) < offset) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  private tellWatchers(): void {
    for (const changed of [...this.watchers]) changed();
  }
}

function keyOf({ key }: LogRecord): string {
  return key?.toString('latin1') ?? '';
}
