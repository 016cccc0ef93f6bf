import { WireReader } from '../../../../../streams/runtime/kafka/protocol/wire-reader';
import { WireWriter } from '../../../../../streams/runtime/kafka/protocol/wire-writer';

function read<T>(write: (writer: WireWriter) => void, take: (reader: WireReader) => T): T {
  const writer = new WireWriter(1);
  write(writer);
  const reader = new WireReader(writer.bytes());
  const value = take(reader);
  expect(reader.remaining).toBe(0);
  return value;
}

describe('the wire types', () => {
  it.each([0, -1, 1, 2 ** 32, 2 ** 53 - 1, -(2 ** 53) + 1])('carry %d in 64 bits', (value) => {
    expect(
      read(
        (writer) => writer.int64(value),
        (reader) => reader.int64(),
      ),
    ).toBe(value);
  });

  it.each([0, -1, 63, 64, -64, -65, 2 ** 31 - 1, -(2 ** 31)])('carry %d as a varint', (value) => {
    const write = (writer: WireWriter) => writer.varint(value);
    expect(read(write, (reader) => reader.varint())).toBe(value);
    expect(read(write, (reader) => reader.varlong())).toBe(value);
  });

  it('carry texts in both string forms, null among them', () => {
    const text = '注文 🧾';
    const write = (writer: WireWriter) =>
      writer.string(text).nullableString(null).compactString(text);
    expect(
      read(write, (reader) => [reader.string(), reader.nullableString(), reader.compactString()]),
    ).toEqual([text, null, text]);
  });

  it('read nothing past the end', () => {
    const reader = new WireReader(Buffer.from([0, 0, 0, 9, 1, 2]));
    expect(() => reader.sizedBytes()).toThrow('over the end');
    expect(() => new WireReader(Buffer.alloc(0)).varint()).toThrow('outside buffer bounds');
    expect(() => new WireReader(Buffer.alloc(9, 0xff)).varint()).toThrow('over 32 bits');
    expect(() => new WireReader(Buffer.alloc(12, 0xff)).varlong()).toThrow('over 53 bits');
  });
});
