/** Why inventory sends a record to the dead letters: each code says what an operator can do. */
export const REJECTIONS = {
  MALFORMED_QUANTITY: 'Whoever wrote it did not check it; nothing was booked.',
  MALFORMED_PRODUCT: 'Correct the product in the catalog; until then the former one stands.',
  IDEMPOTENCY_CONFLICT: 'The first receipt stands; book this one under a new Idempotency-Key.',
  ILLEGAL_MOVE: 'Orders and inventory disagree about this reservation; look at both timelines.',
} as const satisfies Record<string, string>;

export type RejectionCode = keyof typeof REJECTIONS;
