/**
 * Records of one input partition that were read and not handled yet, and how far the partition is
 * known to be read (T1).
 */
import type { AnyEvent } from '../../../platform/avro/event';
import type { Topic } from '../../../platform/topic';
import type { FetchedPartition, LogRecord } from '../broker';
import { RuntimeError } from '../errors';

/** A record with what became of its bytes. */
export type QueuedRecord =
  | {
      readonly kind: 'event';
      readonly record: LogRecord;
      readonly event: AnyEvent;
      readonly keys: readonly string[];
    }
  /** Of a type that the app does not heed. */
  | { readonly kind: 'passed-over'; readonly record: LogRecord }
  | {
      readonly kind: 'bad';
      readonly record: LogRecord;
      readonly errorCode: string;
      readonly reason: string;
    };

/** The end of the partition as it was seen at a wall-clock time. */
export interface SeenEnd {
  readonly logEnd: number;
  /** Not later than the moment the broker read it; ms since the epoch. */
  readonly readAt: number;
}

export class InputQueue {
  /** From the first that is not committed on. */
  private records: LogRecord[] = [];
  private decoded: (QueuedRecord | undefined)[] = [];
  /** Place of the first that is not handled. */
  private first = 0;
  /** Those before it are committed and may go. */
  private committedTo = 0;
  private nextOffset: number;
  private seenEnd: SeenEnd = { logEnd: Infinity, readAt: -Infinity };
  private lastFetchedEnd = 0;

  constructor(
    readonly topic: Topic,
    readonly partition: number,
    start: number,
  ) {
    this.nextOffset = start;
  }

  offer(fetched: FetchedPartition): void {
    const [head] = fetched.records;
    // Offsets only grow: anything else would handle a record twice, or skip some.
    if (
      fetched.nextOffset < this.nextOffset ||
      (head !== undefined && head.offset < this.nextOffset)
    ) {
      throw new RuntimeError(
        'OFFSET_JUMPED',
        `${this.topic.name}-${String(this.partition)} was at ${String(this.nextOffset)} and got ${String(head?.offset ?? fetched.nextOffset)}`,
      );
    }
    this.compact();
    for (const record of fetched.records) this.records.push(record);
    this.nextOffset = fetched.nextOffset;
    this.lastFetchedEnd = fetched.highWatermark;
  }

  get length(): number {
    return this.records.length - this.first;
  }

  /** Everything below has been read; what of it is not handled stands in the queue. */
  get readTo(): number {
    return this.nextOffset;
  }

  /** Offset to commit: the first record that is not handled, or the end of what was read. */
  get position(): number {
    return this.records[this.first]?.offset ?? this.nextOffset;
  }

  /** Records between what was handled and the end, as the last fetch saw it. */
  get lagRecords(): number {
    return Math.max(0, this.lastFetchedEnd - this.position);
  }

  /** Log time of the next record. */
  get headTime(): number | undefined {
    return this.records[this.first]?.timestamp;
  }

  /** The `index`th waiting record, decoded once by `decode`. */
  at(
    index: number,
    decode: (record: LogRecord) => QueuedRecord | undefined,
  ): QueuedRecord | undefined {
    const place = this.first + index;
    const known = this.decoded[place];
    if (known !== undefined) return known;
    const record = this.records[place];
    if (record === undefined) return undefined;
    const queued = decode(record);
    if (queued !== undefined) this.decoded[place] = queued;
    return queued;
  }

  timeAt(index: number): number | undefined {
    return this.records[this.first + index]?.timestamp;
  }

  /** The first one is handled. */
  shift(): void {
    // Not kept for a `rewind`, which is rare: it is decoded once more then.
    this.decoded[this.first] = undefined;
    this.first += 1;
  }

  /** What was handled is committed. */
  committed(): void {
    this.committedTo = this.first;
  }

  /** What was handled since the last commit is to be handled once more. */
  rewind(): void {
    this.first = this.committedTo;
  }

  sawEnd(end: SeenEnd): void {
    if (end.readAt > this.seenEnd.readAt) this.seenEnd = end;
  }

  /**
   * T1: true when no record with a log time before `dueAt` can still come: the next one is at or
   * past it, or the partition was read up to an end that was seen after `dueAt` plus the slack.
   */
  passed(dueAt: number, clockSlackMs: number): boolean {
    const { headTime } = this;
    if (headTime !== undefined) return headTime >= dueAt;
    return this.nextOffset >= this.seenEnd.logEnd && this.seenEnd.readAt >= dueAt + clockSlackMs;
  }

  private compact(): void {
    const { committedTo } = this;
    if (committedTo === 0) return;
    this.records = this.records.slice(committedTo);
    this.decoded = this.decoded.slice(committedTo);
    this.first -= committedTo;
    this.committedTo = 0;
  }
}
