/**
 * Which partition a key belongs to: murmur2, as Java's default partitioner and so as every other
 * client decides it. What always holds: equal keys meet in equal partitions, whoever writes.
 */
const SEED = 0x9747b28c;
const MIX = 0x5bd1e995;

/** Java's `Utils.murmur2`, as a signed 32-bit number. */
export function murmur2(bytes: Buffer): number {
  const { length } = bytes;
  const tail = length & ~3;
  let hash = SEED ^ length;
  for (let place = 0; place < tail; place += 4) {
    let word = Math.imul(bytes.readInt32LE(place), MIX);
    word = Math.imul(word ^ (word >>> 24), MIX);
    hash = Math.imul(hash, MIX) ^ word;
  }
  if (length > tail) {
    for (let place = length - 1; place >= tail; place--) {
      hash ^= bytes.readUInt8(place) << (8 * (place - tail));
    }
    hash = Math.imul(hash, MIX);
  }
  hash = Math.imul(hash ^ (hash >>> 13), MIX);
  return hash ^ (hash >>> 15);
}

/** The partition of `key` (UTF-8) in a topic of `partitions` partitions. */
export function partitionFor(key: string, partitions: number): number {
  return (murmur2(Buffer.from(key)) & 0x7fffffff) % partitions;
}
