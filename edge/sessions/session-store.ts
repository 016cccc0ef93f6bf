/**
 * What the edge remembers between requests, and nowhere but in Redis. Every method rejects with
 * `SESSIONS_UNAVAILABLE` when Redis does not answer, so nobody is let in on a guess.
 */
export type Role = 'ops';

export interface Session {
  readonly userId: string;
  readonly email: string | null;
  readonly roles: readonly Role[];
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

/** Fingerprints of the bodies that Idempotency-Keys came with; best effort, the log has the last word. */
export interface IdempotencyMemory {
  /** The fingerprint remembered under the key, or undefined: none, or Redis does not answer. */
  recall(key: string): Promise<string | undefined>;
  remember(key: string, fingerprint: string): Promise<void>;
}
