/**
 * Reads Kafka's wire types off one buffer, in place: byte values are views, never copies. A read
 * past the end throws a RangeError, which the connection reports as a protocol error.
 */
export class WireReader {
  constructor(
    readonly buffer: Buffer,
    public position = 0,
    readonly end = buffer.length,
  ) {}

  get remaining(): number {
    return this.end - this.position;
  }

  int8(): number {
    const value = this.buffer.readInt8(this.position);
    this.position += 1;
    return value;
  }

  boolean(): boolean {
    return this.int8() !== 0;
  }

  int16(): number {
    const value = this.buffer.readInt16BE(this.position);
    this.position += 2;
    return value;
  }

  int32(): number {
    const value = this.buffer.readInt32BE(this.position);
    this.position += 4;
    return value;
  }

  uint32(): number {
    const value = this.buffer.readUInt32BE(this.position);
    this.position += 4;
    return value;
  }

  int64(): number {
    const high = this.buffer.readInt32BE(this.position);
    const low = this.buffer.readUInt32BE(this.position + 4);
    this.position += 8;
    return high * 0x1_0000_0000 + low;
  }

  /** Zigzag varint of up to 53 bits: plain multiplication, since shifts stop at 32 bits. */
  varlong(): number {
    let scale = 1;
    let value = 0;
    for (;;) {
      const byte = this.buffer.readUInt8(this.position++);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
      scale *= 128;
      if (scale > Number.MAX_SAFE_INTEGER) throw new RangeError('A varint runs over 53 bits');
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** Zigzag varint of a 32-bit number. */
  varint(): number {
    const value = this.unsignedVarint();
    return (value >>> 1) ^ -(value & 1);
  }

  unsignedVarint(): number {
    const { buffer } = this;
    let byte = buffer.readUInt8(this.position++);
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let shift = 7; shift < 35; shift += 7) {
      byte = buffer.readUInt8(this.position++);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new RangeError('A varint runs over 32 bits');
  }

  string(): string {
    return this.text(this.int16());
  }

  nullableString(): string | null {
    const bytes = this.int16();
    return bytes < 0 ? null : this.text(bytes);
  }

  compactString(): string {
    return this.text(this.unsignedVarint() - 1);
  }

  compactNullableString(): string | null {
    const bytes = this.unsignedVarint() - 1;
    return bytes < 0 ? null : this.text(bytes);
  }

  /** The next `bytes` bytes, as a view. */
  view(bytes: number): Buffer {
    const start = this.position;
    if (bytes > this.end - start) throw new RangeError('A value runs over the end of its buffer');
    this.position = start + bytes;
    return this.buffer.subarray(start, start + bytes);
  }

  sizedBytes(): Buffer {
    return this.view(Math.max(this.int32(), 0));
  }

  array<T>(read: () => T): T[] {
    return this.repeat(this.int32(), read);
  }

  compactArray<T>(read: () => T): T[] {
    return this.repeat(this.unsignedVarint() - 1, read);
  }

  /** Skips the tagged fields that end a structure of a flexible version. */
  skipTags(): void {
    const tags = this.unsignedVarint();
    for (let tag = 0; tag < tags; tag++) {
      this.unsignedVarint();
      this.view(this.unsignedVarint());
    }
  }

  private repeat<T>(count: number, read: () => T): T[] {
    const items: T[] = [];
    for (let item = 0; item < count; item++) items.push(read());
    return items;
  }

  private text(bytes: number): string {
    const start = this.position;
    if (bytes > this.end - start) throw new RangeError('A text runs over the end of its buffer');
    this.position = start + bytes;
    return this.buffer.toString('utf8', start, this.position);
  }
}
