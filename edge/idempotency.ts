/**
 * The Idempotency-Key: a key of a user stands for one request. Who sends the same request again gets
 * the same answer; who sends another one under the key gets 422. The rule is kept for all routes in
 * plugins/idempotency-gate.ts; here is what makes two requests the same.
 */
import { createHash } from 'node:crypto';
import { Type, type Static } from '@sinclair/typebox';
import { eventId } from '../schemas/event-id';
import { patterned } from './contract/fields';
import { EdgeError } from './errors';
import { limits } from './limits';

// Visible ASCII: it becomes part of a Kafka record and of log lines.
const pattern = `^[\\x21-\\x7e]{1,${String(limits.idempotencyKeyCharactersMax)}}$`;
const rule = `1 to ${String(limits.idempotencyKeyCharactersMax)} visible ASCII characters without spaces`;

function keyHeader(description: string) {
  const key = patterned(pattern, rule, { description });
  return Type.Object({ 'idempotency-key': Type.Optional(key) });
}

/** Optional in the schema, so that its absence gets an error of its own. */
export const idempotencyHeaders = keyHeader(
  'Required; new for each new request, the same for its repeats.',
);

/** Of requests that are repeats of each other by what they ask. */
export const optionalIdempotencyHeaders = keyHeader(
  'New for each new request, the same for its repeats.',
);

/** Throws `IDEMPOTENCY_KEY_MISSING`. */
export function idempotencyKeyOf(headers: Static<typeof idempotencyHeaders>): string {
  const key = headers['idempotency-key'];
  if (key !== undefined) return key;
  throw new EdgeError('IDEMPOTENCY_KEY_MISSING', { field: 'idempotency-key' });
}

/** The name under which a key is remembered. Two users may choose the same, so it covers who asks. */
export function requestKeyOf(userId: string, idempotencyKey: string): string {
  return eventId(JSON.stringify([userId, idempotencyKey]), 'request');
}

/** What is asked; `route` as it was declared, `params` what stands in its place. */
export interface AskedRequest {
  readonly method: string;
  readonly route: string;
  readonly params: unknown;
  readonly userId: string;
  readonly body: unknown;
}

/** SHA-256 in hexadecimal; equal for requests that ask for the same, however they are written. */
export function fingerprintOf({ method, route, params, userId, body }: AskedRequest): string {
  const parts = [method, route, params, userId, body].map(canonical);
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}

/** Fields in the order of their names; lists sorted, because in no body does their order matter. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const fields = Object.entries(value).map(
    ([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`,
  );
  return `{${fields.sort().join()}}`;
}
