/**
 * What goes wrong with one order, drawn from a seed: a mix has at most one fault of each kind, so
 * that what should come of it can be told. The same seed and order give the same mix everywhere.
 */
export const FAULTS_BY_KIND = {
  webhook: ['lost', 'doubled', 'reordered', 'delayed-past-expiry'],
  money: [
    'wrong-amount',
    'wrong-currency',
    'second-payment',
    'failure-after-success',
    'refund-outside',
    'refund-outside-in-parts',
    'refund-outside-pending',
    'refund-outside-failed',
    'late-success',
    'payment-failed',
    'never-paid',
    'authorized-only',
    // The same at PayPay; who ordered cancels meanwhile.
    'authorized-cancelled',
  ],
  code: ['code-outcome-lost'],
  forged: ['forged'],
  malformed: ['malformed'],
  unknown: ['unknown-order'],
  foreign: ['foreign'],
} as const;

type FaultKind = keyof typeof FAULTS_BY_KIND;
export type Fault = (typeof FAULTS_BY_KIND)[FaultKind][number];

/** In the order of the kinds; empty: all goes well. */
export type FaultMix = readonly Fault[];

const KINDS = Object.values(FAULTS_BY_KIND) as readonly (readonly Fault[])[];

export const FAULTS: readonly Fault[] = KINDS.flat();

/** How often the kinds with one fault have it: often enough to meet each other in a short run. */
const SINGLE_SHARE = 1 / 3;

export function isFault(text: string): text is Fault {
  return (FAULTS as readonly string[]).includes(text);
}

/** `among`: faults that may be drawn. `key` tells apart the draws of one seed. */
export function drawMix(seed: number, key: string, among: readonly Fault[] = FAULTS): FaultMix {
  const chance = chanceOf(`${seed}/${key}`);
  const drawn = KINDS.flatMap((kind) => {
    const one = kind.length === 1 ? drawSingle(kind, chance) : drawOne(kind, chance);
    return one !== undefined && among.includes(one) ? [one] : [];
  });
  return complete(drawn);
}

/**
 * A second payment needs a code that the shop does not know to be open, and there is one when the
 * outcome of asking for it was lost.
 */
export function complete(faults: readonly Fault[]): FaultMix {
  const all = new Set(faults);
  if (all.has('second-payment')) all.add('code-outcome-lost');
  return FAULTS.filter((fault) => all.has(fault));
}

/** The first kind that has two of its faults in the mix, which no order can have. */
export function conflictIn(faults: readonly Fault[]): readonly Fault[] | undefined {
  return KINDS.map((kind) => kind.filter((fault) => faults.includes(fault))).find(
    (both) => both.length > 1,
  );
}

/** One of them or none, each as likely as the other. */
function drawOne(kind: readonly Fault[], chance: () => number): Fault | undefined {
  return kind[Math.floor(chance() * (kind.length + 1))];
}

function drawSingle(kind: readonly Fault[], chance: () => number): Fault | undefined {
  return chance() < SINGLE_SHARE ? kind[0] : undefined;
}

/** Numbers in [0, 1) that depend on nothing but the text: FNV-1a as the seed of mulberry32. */
function chanceOf(text: string): () => number {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  }
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
