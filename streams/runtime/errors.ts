/**
 * The runtime's error table. Every error says what to do about it; there is no other kind:
 *
 * - `retry`: the same call again, after a backoff; nothing was changed.
 * - `retake`: close the producer and re-initialize the task from E2.
 * - `drop`: the task belongs to someone else now; forget it.
 * - `die`: a bug, a wrong configuration or a damaged cluster; stop the app and say so.
 *
 * An error that is not a RuntimeError counts as `die`: an unknown error is never retried.
 */
export type Recovery = 'retry' | 'retake' | 'drop' | 'die';

const RECOVERY = {
  BROKER_UNREACHABLE: 'retry',
  REGISTRY_UNREACHABLE: 'retry',
  DATABASE_UNAVAILABLE: 'retry',
  FENCED: 'retake',
  ABORTED: 'retake',
  RECORD_TOO_LARGE: 'die',
  UNKNOWN_OUTCOME: 'retake',
  INPUT_STALLED: 'retake',
  STALE_ASSIGNMENT: 'drop',
  STORE_DAMAGED: 'retake',
  OFFSET_OUT_OF_RANGE: 'die',
  OFFSET_JUMPED: 'die',
  UNKNOWN_TOPIC: 'die',
  UNKNOWN_SCHEMA: 'die',
  NOT_CO_PARTITIONED: 'die',
  CHANGELOG_WITHOUT_OFFSETS: 'die',
  STORE_LOCKED: 'die',
  TOO_MANY_DEAD_LETTERS: 'die',
  UNDECLARED_KEY: 'die',
  STALLED: 'die',
  PROTOCOL: 'die',
} as const satisfies Record<string, Recovery>;

export type RuntimeErrorCode = keyof typeof RECOVERY;

export class RuntimeError extends Error {
  override readonly name = 'RuntimeError';
  readonly recovery: Recovery;

  constructor(
    readonly code: RuntimeErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(`${code}: ${message}`, options);
    this.recovery = RECOVERY[code];
  }
}

/** What to do about any thrown value; `die` for what nobody named. */
export function recoveryOf(error: unknown): Recovery {
  return error instanceof RuntimeError ? error.recovery : 'die';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
