/** The largest whole numbers that an event can carry. Brings nothing along. */

/** Of an Avro int: 32 bits. */
export const AVRO_INT_MAX = 2 ** 31 - 1;

/** Of an Avro long here: avsc reads and writes only where doubles are exact on both sides. */
export const AVRO_LONG_MAX = Number.MAX_SAFE_INTEGER - 1;
