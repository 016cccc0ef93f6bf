/** Why accounts sends a record to the dead letters: each code says what an operator can do. */
export const REJECTIONS = {
  MALFORMED_AMOUNT: 'Whoever wrote it did not check it; nothing was changed.',
  OTHER_CURRENCY: 'Limits are kept in one currency; correct the catalog or the request.',
  IDEMPOTENCY_CONFLICT: 'The first change stands; make this one under a new Idempotency-Key.',
  ILLEGAL_MOVE: 'Orders and accounts disagree about this hold; look at both timelines.',
} as const satisfies Record<string, string>;

export type RejectionCode = keyof typeof REJECTIONS;
