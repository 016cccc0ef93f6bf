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
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface SessionStore {
  /** `token` is what the cookie carries; the store keeps only its hash. */
  create(token: string, session: Session): Promise<void>;
  find(token: string): Promise<Session | undefined>;
  remove(token: string): Promise<void>;
  /** Resolves when Redis answers. */
  check(): Promise<void>;
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
