/**
 * How a store's rows are laid out in one ordered key space (a write batch belongs to one column
 * family, so states, timers and the checkpoint share it):
 *
 *   c                                             the checkpoint
 *   s <state key, UTF-8>                          a state record
 *   t <due time, 8 bytes> <key length, 4 bytes> <key> <name>
 *
 * Due times are big-endian, so that the order of the bytes is the order of the times.
 */
import type { Timer } from '../app';
import type { StateKey } from './store';

const DUE_BYTES = 8;
const LENGTH_BYTES = 4;

const STATE = 's'.charCodeAt(0);

export const CHECKPOINT_ROW = Buffer.from('c');
/** Timer rows stand in [TIMERS_FROM, TIMERS_TO). */
export const TIMERS_FROM = Buffer.from('t');
export const TIMERS_TO = Buffer.from('u');

export function stateRow(key: StateKey): Buffer {
  if (typeof key === 'string') return Buffer.from(`s${key}`);
  const row = Buffer.allocUnsafe(1 + key.length);
  row[0] = STATE;
  row.set(key, 1);
  return row;
}

export function timerRow({ dueAt, key, name }: Timer): Buffer {
  const keyBytes = Buffer.from(key);
  const head = Buffer.alloc(1 + DUE_BYTES + LENGTH_BYTES);
  head.write('t', 0);
  head.writeBigUInt64BE(BigInt(dueAt), 1);
  head.writeUInt32BE(keyBytes.length, 1 + DUE_BYTES);
  return Buffer.concat([head, keyBytes, Buffer.from(name)]);
}

export function timerOf(row: Buffer): Timer {
  const keyFrom = 1 + DUE_BYTES + LENGTH_BYTES;
  const keyTo = keyFrom + row.readUInt32BE(1 + DUE_BYTES);
  return {
    dueAt: Number(row.readBigUInt64BE(1)),
    key: row.toString('utf8', keyFrom, keyTo),
    name: row.toString('utf8', keyTo),
  };
}
