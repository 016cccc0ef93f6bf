/**
 * Source of truth for which requests of a partition are answered. Requests end out of order, and a
 * group commits one offset; so the offset committed is that of the lowest unfinished request, and
 * the finished ones above it are a bitmap in its metadata. After a crash the finished are passed
 * over and the others are reprocessed.
 *
 *   offset     10   11   12   13   14   15
 *              done open done gone done next      ("gone": a control record, never delivered)
 *   committed offset 11, bitmap of 11… = 0 1 0 1
 *
 * What always holds: no request below the committed offset is unfinished, and none that was
 * finished is lost from the bitmap before the committed offset has passed it.
 */
import { RuntimeError } from '../runtime/errors';

const VERSION = 1;
const BITS_PER_BYTE = 8;

export class OffsetWindow {
  /** Taken and not finished, in ascending order, because they are taken in it. */
  private readonly open = new Set<number>();
  private readonly finished = new Set<number>();

  /** Committed by this window: all below it is finished, also what has not been read again yet. */
  private passed = -Infinity;

  private constructor(private nextOffset: number) {}

  /** `metadata` as it was committed with `offset`; empty when there is none yet. */
  static restore(offset: number, metadata: string): OffsetWindow {
    const window = new OffsetWindow(offset);
    if (metadata === '') return window;
    const bitmap = decode(metadata);
    for (let bit = 0; bit < bitmap.length * BITS_PER_BYTE; bit += 1) {
      if (((bitmap[bit >> 3] ?? 0) >> (bit & 7)) & 1) window.finished.add(offset + bit);
    }
    return window;
  }

  /** Below it nothing is unfinished; where reading begins after a crash. */
  get committable(): number {
    const [lowest] = this.open;
    if (lowest !== undefined) return lowest;
    let offset = this.nextOffset;
    while (this.finished.has(offset)) offset += 1;
    return offset;
  }

  get openRequests(): number {
    return this.open.size;
  }

  /** Whether a request at `offset` still fits into the bitmap. */
  reaches(offset: number, offsetsMax: number): boolean {
    return offset - this.committable < offsetsMax;
  }

  /** A request is taken; false when it is finished already. Offsets come in ascending order. */
  take(offset: number): boolean {
    if (offset < this.passed) return false;
    if (offset < this.nextOffset) throw new Error(`offset ${offset} was taken before`);
    this.nextOffset = offset + 1;
    if (this.finished.has(offset)) return false;
    this.open.add(offset);
    return true;
  }

  /** Nothing more will come below `offset`. */
  passTo(offset: number): void {
    this.nextOffset = Math.max(this.nextOffset, offset);
  }

  finish(offset: number): void {
    if (!this.open.delete(offset)) throw new Error(`offset ${offset} is not open`);
    this.finished.add(offset);
  }

  /** What is to be committed now. Forgets what the offset has passed. */
  commit(): { readonly offset: number; readonly metadata: string } {
    const offset = this.committable;
    this.passTo(this.open.size === 0 ? offset : this.nextOffset);
    this.passed = offset;
    for (const done of this.finished) if (done < offset) this.finished.delete(done);
    return { offset, metadata: encode(offset, this.finished) };
  }
}

function encode(offset: number, finished: ReadonlySet<number>): string {
  const span = Math.max(offset - 1, ...finished) - offset + 1;
  const bitmap = Buffer.alloc(Math.ceil(span / BITS_PER_BYTE));
  for (const done of finished) {
    const bit = done - offset;
    bitmap.writeUInt8(bitmap.readUInt8(bit >> 3) | (1 << (bit & 7)), bit >> 3);
  }
  return JSON.stringify({ v: VERSION, done: bitmap.toString('base64') });
}

/** Throws PROTOCOL for a text that no gateway wrote: someone else commits for the group. */
function decode(metadata: string): Buffer {
  const fields = parse(metadata);
  if (fields['v'] !== VERSION || typeof fields['done'] !== 'string') {
    throw new RuntimeError('PROTOCOL', `offset metadata is not of a gateway: ${metadata}`);
  }
  return Buffer.from(fields['done'], 'base64');
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
