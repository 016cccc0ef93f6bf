/**
 * What to do about an error of Postgres. Errors of the environment pass: the connection, the
 * server's start or stop, its resources, and conflicts with another transaction. Errors in the data
 * are those of one record, which becomes a dead letter. All others are bugs of ours and end the app.
 */
import { DatabaseError } from 'pg';

/** SQLSTATE classes and codes (Postgres' appendix A) after which the same may succeed later. */
const PASSING_STATES: readonly string[] = [
  '08', // connection exceptions
  '53', // out of connections, memory or disk
  '57P', // the server is shutting down or starting
  '57014', // statement timeout
  '25P03', // idle in transaction for too long
  '40001', // serialization failure
  '40P01', // deadlock
  '55P03', // lock timeout
];

/** The row is at fault, and would be at the next try. */
const DATA_STATES: readonly string[] = [
  '22', // a value that does not fit its type
  '23', // a constraint that does not hold
  '54000', // a value too large for its index
];

const PASSING_SYSTEM_ERRORS: readonly string[] = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
];

/** The driver gives these no code. */
const PASSING_MESSAGES: readonly string[] = [
  'Connection terminated',
  'Client has encountered a connection error',
  'Client was closed',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Query read timeout',
];

export function passes(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') {
    return (
      PASSING_SYSTEM_ERRORS.includes(code) ||
      (isSqlState(code) && PASSING_STATES.some((state) => code.startsWith(state)))
    );
  }
  return PASSING_MESSAGES.some((message) => error.message.startsWith(message));
}

export function refusesData(error: unknown): error is DatabaseError {
  if (!(error instanceof DatabaseError)) return false;
  return DATA_STATES.some((state) => error.code?.startsWith(state) === true);
}

function isSqlState(code: string): boolean {
  return /^[0-9A-Z]{5}$/.test(code);
}
