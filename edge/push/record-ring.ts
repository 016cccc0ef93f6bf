/**
 * The newest records of one partition, without a hole: every committed record from `start` up to
 * `end` is in it. Bounded by records and bytes; the oldest leave first and `start` follows.
 */
import type { LogRecord } from '../../streams/runtime/broker';

export interface RingLimits {
  readonly recordsMax: number;
  readonly bytesMax: number;
}

export class RecordRing {
  private records: LogRecord[] = [];
  /** Place in `records` of the oldest one kept; what is before it is dropped in one go. */
  private head = 0;
  private bytes = 0;
  private first: number;
  private next: number;

  constructor(
    offset: number,
    private readonly max: RingLimits,
  ) {
    this.first = offset;
    this.next = offset;
  }

  /** First offset of which the ring can tell. */
  get start(): number {
    return this.first;
  }

  /** One past the last offset of which the ring can tell. */
  get end(): number {
    return this.next;
  }

  /** `nextOffset` may lie beyond the last record: control and aborted records fill the log too. */
  push(records: readonly LogRecord[], nextOffset: number): void {
    for (const record of records) {
      this.records.push(record);
      this.bytes += bytesOf(record);
    }
    this.next = nextOffset;
    this.evict();
  }

  /** The records at `offset` and above. */
  from(offset: number): readonly LogRecord[] {
    let low = this.head;
    let high = this.records.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.offsetAt(middle) < offset) low = middle + 1;
      else high = middle;
    }
    return this.records.slice(low);
  }

  private evict(): void {
    while (
      this.records.length - this.head > this.max.recordsMax ||
      this.bytes > this.max.bytesMax
    ) {
      const oldest = this.records[this.head];
      if (oldest === undefined) break;
      this.head += 1;
      this.bytes -= bytesOf(oldest);
      this.first = oldest.offset + 1;
    }
    if (this.head > this.max.recordsMax) {
      this.records = this.records.slice(this.head);
      this.head = 0;
    }
  }

  private offsetAt(place: number): number {
    return this.records[place]?.offset ?? Number.MAX_SAFE_INTEGER;
  }
}

function bytesOf({ key, value }: LogRecord): number {
  return (key?.length ?? 0) + (value?.length ?? 0);
}
