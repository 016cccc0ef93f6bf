/**
 * What a kcat without Avro prints, read without loss: values are bytes, so a line has their lengths
 * before them. kcat writes it with KCAT_FORMAT:
 *
 *   <partition> <offset> <timestamp> <key bytes> <value bytes>\n<key><value>\n     (-1: there is none)
 */
import type { ShownRecord } from './record-line';

export const KCAT_FORMAT = String.raw`%p %o %T %K %S\n%k%s\n`;

const HEAD = /^(\d+) (\d+) (-?\d+) (-1|\d+) (-1|\d+)$/;

/** Longest line of lengths; a longer one is something else. */
const HEAD_BYTES_MAX = 100;

/** Throws an error that names the format when the input has another. */
export async function* kcatFrames(input: AsyncIterable<Buffer>): AsyncGenerator<ShownRecord> {
  let rest = Buffer.alloc(0);
  for await (const part of input) {
    rest = Buffer.concat([rest, part]);
    for (;;) {
      const frame = frameOf(rest);
      if (frame === undefined) break;
      rest = rest.subarray(frame.bytes);
      yield frame.record;
    }
  }
  if (rest.length > 0) throw notOurs('the input ends within a record');
}

/** Undefined while the frame is not complete. */
function frameOf(bytes: Buffer) {
  const end = bytes.indexOf('\n');
  if (end === -1 && bytes.length <= HEAD_BYTES_MAX) return undefined;
  const line = bytes.toString('latin1', 0, end === -1 ? HEAD_BYTES_MAX : end);
  const head = HEAD.exec(line);
  if (head === null) throw notOurs(`"${line.slice(0, HEAD_BYTES_MAX)}"`);
  const [partition = 0, offset = 0, timestamp = 0, keyBytes = 0, valueBytes = 0] = head
    .slice(1)
    .map(Number);
  const keyEnd = end + 1 + Math.max(0, keyBytes);
  const valueEnd = keyEnd + Math.max(0, valueBytes);
  if (bytes.length <= valueEnd) return undefined;
  if (bytes[valueEnd] !== 0x0a) throw notOurs('a record is longer than it says');
  const key = keyBytes === -1 ? null : bytes.subarray(end + 1, keyEnd);
  const value = valueBytes === -1 ? null : bytes.subarray(keyEnd, valueEnd);
  return { bytes: valueEnd + 1, record: { partition, offset, timestamp, key, value } };
}

function notOurs(what: string): Error {
  return new Error(`${what}: run kcat with -q -f '${KCAT_FORMAT}'`);
}
