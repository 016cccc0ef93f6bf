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
const TIMER = 't'.charCodeAt(0);
const UINT32 = 2 ** 32;

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
  const keyFrom = 1 + DUE_BYTES + LENGTH_BYTES;
  const keyBytes = Buffer.byteLength(key);
  const row = Buffer.allocUnsafe(keyFrom + keyBytes + Buffer.byteLength(name));
  row[0] = TIMER;
  row.writeUInt32BE(Math.floor(dueAt / UINT32), 1);
  row.writeUInt32BE(dueAt % UINT32, 1 + DUE_BYTES / 2);
  row.writeUInt32BE(keyBytes, 1 + DUE_BYTES);
  row.write(key, keyFrom);
  row.write(name, keyFrom + keyBytes);
  return row;
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
