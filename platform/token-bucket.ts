/**
 * How often something may be done: a bucket of tokens that fills steadily and holds what a quiet
 * time saved up. Times in ms since the epoch.
 */
export interface TokenBucket {
  /** What may be done at `at`; below zero after a pause was asked for. */
  readonly tokens: number;
  readonly at: number;
}

export interface TokenRate {
  readonly perSecond: number;
  readonly burst: number;
}

export type Spending =
  | { readonly kind: 'spent'; readonly bucket: TokenBucket }
  /** Ask again after `waitMs`. */
  | { readonly kind: 'empty'; readonly waitMs: number };

export function fullBucket({ burst }: TokenRate, now: number): TokenBucket {
  return { tokens: burst, at: now };
}

/** Takes one token out. */
export function spend(bucket: TokenBucket, now: number, rate: TokenRate): Spending {
  const tokens = tokensAt(bucket, now, rate);
  if (tokens >= 1) return { kind: 'spent', bucket: { tokens: tokens - 1, at: now } };
  return { kind: 'empty', waitMs: Math.ceil(((1 - tokens) * 1_000) / rate.perSecond) };
}

/** A token was taken, and what it was taken for was not done. */
export function giveBack({ tokens, at }: TokenBucket): TokenBucket {
  return { tokens: tokens + 1, at };
}

/** The next token is at least `pauseMs` away. */
export function pause(
  bucket: TokenBucket,
  now: number,
  pauseMs: number,
  rate: TokenRate,
): TokenBucket {
  const owed = 1 - (pauseMs * rate.perSecond) / 1_000;
  return { tokens: Math.min(owed, tokensAt(bucket, now, rate)), at: now };
}

function tokensAt({ tokens, at }: TokenBucket, now: number, rate: TokenRate): number {
  const saved = (Math.max(0, now - at) * rate.perSecond) / 1_000;
  return Math.min(rate.burst, tokens + saved);
}
