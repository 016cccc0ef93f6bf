/**
 * CRC-32C (Castagnoli), the checksum of a record batch. Eight tables let it take eight bytes a
 * step ("slicing by 8"): several times the speed of one table, and every byte produced or fetched
 * passes through here.
 */
const POLYNOMIAL = 0x82f63b78;

function sliceTables(): readonly Int32Array[] {
  const tables = Array.from({ length: 8 }, () => new Int32Array(256));
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    at(tables, 0)[byte] = crc;
  }
  for (let slice = 1; slice < 8; slice++) {
    const [previous, table] = [at(tables, slice - 1), at(tables, slice)];
    for (let byte = 0; byte < 256; byte++) {
      const crc = previous[byte] ?? 0;
      table[byte] = (crc >>> 8) ^ (at(tables, 0)[crc & 0xff] ?? 0);
    }
  }
  return tables;
}

function at(tables: readonly Int32Array[], slice: number): Int32Array {
  const table = tables[slice];
  if (table === undefined) throw new RangeError(`No CRC table ${slice}`);
  return table;
}

const TABLES = sliceTables();
const T0 = at(TABLES, 0);
const T1 = at(TABLES, 1);
const T2 = at(TABLES, 2);
const T3 = at(TABLES, 3);
const T4 = at(TABLES, 4);
const T5 = at(TABLES, 5);
const T6 = at(TABLES, 6);
const T7 = at(TABLES, 7);

/** The checksum of `bytes` from `start` up to `end`, as an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  /* eslint-disable @typescript-eslint/no-non-null-assertion -- every index is masked to its table */
  let crc = -1;
  let place = start;
  for (; place + 8 <= end; place += 8) {
    crc ^=
      bytes[place]! |
      (bytes[place + 1]! << 8) |
      (bytes[place + 2]! << 16) |
      (bytes[place + 3]! << 24);
    crc =
      T7[crc & 0xff]! ^
      T6[(crc >>> 8) & 0xff]! ^
      T5[(crc >>> 16) & 0xff]! ^
      T4[crc >>> 24]! ^
      T3[bytes[place + 4]!]! ^
      T2[bytes[place + 5]!]! ^
      T1[bytes[place + 6]!]! ^
      T0[bytes[place + 7]!]!;
  }
  for (; place < end; place++) crc = T0[(crc ^ bytes[place]!) & 0xff]! ^ (crc >>> 8);
  /* eslint-enable @typescript-eslint/no-non-null-assertion */
  return (crc ^ -1) >>> 0;
}
