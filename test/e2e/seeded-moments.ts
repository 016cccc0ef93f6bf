/** Chance that can be had again: the same seed gives the same moments. */

/** Mulberry32: one word of state, and even enough for picking moments. */
export function seededMoments(seed: number): (limitMs: number) => number {
  let state = seed >>> 0;
  return (limitMs) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limitMs;
  };
}
