/**
 * Writes Kafka's wire types into one growing buffer. Numbers of 64 bits are JavaScript numbers:
 * offsets, producer ids and times stay far below 2^53.
 */
export class WireWriter {
  private buffer: Buffer;
  private end = 0;

  constructor(initialBytes = 512) {
    this.buffer = Buffer.allocUnsafe(initialBytes);
  }

  get length(): number {
    return this.end;
  }

  /** What was written so far. A view: valid until the next write. */
  bytes(): Buffer {
    return this.buffer.subarray(0, this.end);
  }

  int8(value: number): this {
    this.reserve(1);
    this.end = this.buffer.writeInt8(value, this.end);
    return this;
  }

  boolean(value: boolean): this {
    return this.int8(value ? 1 : 0);
  }

  int16(value: number): this {
    this.reserve(2);
    this.end = this.buffer.writeInt16BE(value, this.end);
    return this;
  }

  int32(value: number): this {
    this.reserve(4);
    this.end = this.buffer.writeInt32BE(value, this.end);
    return this;
  }

  uint32(value: number): this {
    this.reserve(4);
    this.end = this.buffer.writeUInt32BE(value, this.end);
    return this;
  }

  int64(value: number): this {
    this.reserve(8);
    this.end = this.buffer.writeInt32BE(Math.floor(value / 0x1_0000_0000), this.end);
    this.end = this.buffer.writeUInt32BE(value >>> 0, this.end);
    return this;
  }

  /** Zigzag varint of a 32-bit number. */
  varint(value: number): this {
    return this.unsignedVarint((value << 1) ^ (value >> 31));
  }

  unsignedVarint(value: number): this {
    this.reserve(5);
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.buffer[this.end++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.buffer[this.end++] = rest;
    return this;
  }

  string(value: string): this {
    const bytes = Buffer.byteLength(value);
    this.int16(bytes);
    return this.utf8(value, bytes);
  }

  nullableString(value: string | null): this {
    return value === null ? this.int16(-1) : this.string(value);
  }

  compactString(value: string): this {
    const bytes = Buffer.byteLength(value);
    this.unsignedVarint(bytes + 1);
    return this.utf8(value, bytes);
  }

  compactNullableString(value: string | null): this {
    return value === null ? this.unsignedVarint(0) : this.compactString(value);
  }

  sizedBytes(value: Buffer): this {
    this.int32(value.length);
    return this.raw(value);
  }

  /** The text itself, without a length. `bytes` is its byte length. */
  utf8(value: string, bytes: number): this {
    this.reserve(bytes);
    this.end += this.buffer.write(value, this.end, bytes, 'utf8');
    return this;
  }

  raw(value: Uint8Array): this {
    this.reserve(value.length);
    this.buffer.set(value, this.end);
    this.end += value.length;
    return this;
  }

  /** An array: its length, then `write` for each item. */
  array<T>(items: readonly T[], write: (item: T) => void): this {
    this.int32(items.length);
    items.forEach(write);
    return this;
  }

  compactArray<T>(items: readonly T[], write: (item: T) => void): this {
    this.unsignedVarint(items.length + 1);
    items.forEach(write);
    return this;
  }

  /** The empty list of tagged fields that ends every structure of a flexible version. */
  noTags(): this {
    return this.unsignedVarint(0);
  }

  /** Leaves room for an int32 or uint32 that is known only later; returns its place. */
  placeholder32(): number {
    this.reserve(4);
    const place = this.end;
    this.end += 4;
    return place;
  }

  setInt32(place: number, value: number): void {
    this.buffer.writeInt32BE(value, place);
  }

  setUint32(place: number, value: number): void {
    this.buffer.writeUInt32BE(value, place);
  }

  private reserve(bytes: number): void {
    if (this.end + bytes <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.end + bytes));
    this.buffer.copy(grown, 0, 0, this.end);
    this.buffer = grown;
  }
}
