/**
 * What a reader was given of one partition: every record's offset and a checksum of it, 12 bytes
 * each, so that a log of millions can be compared record by record.
 *
 * What always holds: offsets rise. A client that lost its connection may give a record again; it
 * must be one that it had given before, with the same content.
 */
import type { TopicPartition } from '../../streams/runtime/broker';
import { crc32c } from '../../streams/runtime/kafka/protocol/crc32c';

export interface DeliveredRecord {
  readonly offset: number;
  /** Log-append time, ms since the epoch. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

const FIRST_CAPACITY = 1_024;
const SHOWN_MAX = 5;

export class Delivered {
  private offsets = new Float64Array(FIRST_CAPACITY);
  private sums = new Uint32Array(FIRST_CAPACITY);
  private used = 0;
  private repeats = 0;
  private readonly wrong: string[] = [];

  constructor(readonly place: TopicPartition) {}

  get records(): number {
    return this.used;
  }

  /** -1 before the first. */
  get lastOffset(): number {
    return this.used === 0 ? -1 : (this.offsets[this.used - 1] ?? -1);
  }

  /** Given again after a lost connection. */
  get repeated(): number {
    return this.repeats;
  }

  /** Records that broke the order, or were different the second time. */
  get violations(): readonly string[] {
    return this.wrong;
  }

  /** Whether the record is given for the first time. */
  add(record: DeliveredRecord): boolean {
    const sum = checksum(record);
    if (record.offset <= this.lastOffset) {
      this.again(record.offset, sum);
      return false;
    }
    if (this.used === this.offsets.length) this.grow();
    this.offsets[this.used] = record.offset;
    this.sums[this.used] = sum;
    this.used += 1;
    return true;
  }

  /** How `this` differs from what is in the committed log: nothing may be more, less or different. */
  differencesFrom(committed: Delivered): readonly string[] {
    const found: string[] = [];
    const { topic, partition } = this.place;
    const name = (offset: number) => `${topic}-${partition}@${offset}`;
    let [mine, theirs] = [0, 0];
    while (mine < this.used || theirs < committed.used) {
      const own = mine < this.used ? (this.offsets[mine] ?? 0) : Infinity;
      const other = theirs < committed.used ? (committed.offsets[theirs] ?? 0) : Infinity;
      if (own < other) found.push(`${name(own)} was delivered and is not in the committed log`);
      else if (other < own) found.push(`${name(other)} is committed and was not delivered`);
      else if (this.sums[mine] !== committed.sums[theirs]) {
        found.push(`${name(own)} was delivered with another content`);
      }
      if (own <= other) mine += 1;
      if (other <= own) theirs += 1;
    }
    return found;
  }

  private again(offset: number, sum: number): void {
    this.repeats += 1;
    const index = this.indexOf(offset);
    if (index !== undefined && this.sums[index] === sum) return;
    if (this.wrong.length >= SHOWN_MAX) return;
    const what = index === undefined ? 'delivered out of order' : 'delivered again, differently';
    this.wrong.push(`${this.place.topic}-${this.place.partition}@${offset} was ${what}`);
  }

  private indexOf(offset: number): number | undefined {
    let [low, high] = [0, this.used - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.offsets[middle] ?? 0;
      if (found === offset) return middle;
      if (found < offset) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  private grow(): void {
    const [offsets, sums] = [this.offsets, this.sums];
    this.offsets = new Float64Array(2 * offsets.length);
    this.sums = new Uint32Array(2 * sums.length);
    this.offsets.set(offsets);
    this.sums.set(sums);
  }
}

function checksum({ timestamp, key, value }: DeliveredRecord): number {
  const time = Buffer.alloc(8);
  time.writeDoubleBE(timestamp);
  return crc32c(Buffer.concat([time, key ?? EMPTY, value ?? EMPTY]));
}

const EMPTY = Buffer.alloc(0);
