/**
 * What the edge remembers between requests, and nowhere but in Redis. Every method rejects with
 * `SESSIONS_UNAVAILABLE` when Redis does not answer, so nobody is let in on a guess.
 */
export type Role = 'ops';

export interface Session {
  readonly userId: string;
  readonly email: string | null;
  readonly roles: readonly Role[];
  /** When the user gave Firebase the password, or the like; milliseconds since the epoch. */
  readonly authenticatedAt: number;
  /** The end, however busy the session is; milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Whether looking a session up is use of it, which puts off the end of an idle one. */
export type Use = 'used' | 'looked-at';

export interface SessionStore {
  /**
   * `token` is what the cookie carries; the store keeps only its hash. The oldest sessions of a user
   * who has more than may be are ended.
   */
  create(token: string, session: Session): Promise<void>;
  find(token: string, use: Use): Promise<Session | undefined>;
  remove(token: string): Promise<void>;
  /** Every session of the user, on whatever device. */
  removeAllOf(userId: string): Promise<void>;
  /** Resolves when Redis answers. */
  check(): Promise<void>;
}

/** How often something was done in the current window. */
export interface RateCount {
  readonly current: number;
  /** Until the window ends, milliseconds. */
  readonly ttlMs: number;
}

/** Counts what is rationed, for all edges together. */
export interface RateCounter {
  count(key: string, windowMs: number): Promise<RateCount>;
}

export type IdempotencyClaim =
  /** The first request under the key. */
  | 'first'
  /** The same request again; also when Redis does not answer: the log has the last word. */
  | 'repeat'
  /** The key came with another request before. */
  | 'conflict';

/** Fingerprints of the requests that Idempotency-Keys came with; best effort. */
export interface IdempotencyMemory {
  /** Takes the key for a request in one step, so that of a burst only one is the first. */
  claim(requestKey: string, fingerprint: string): Promise<IdempotencyClaim>;
  /** Gives up a key, unless another request has taken it meanwhile. */
  release(requestKey: string, fingerprint: string): Promise<void>;
}
