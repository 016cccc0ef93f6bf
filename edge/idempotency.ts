/** The Idempotency-Key: which request a repeat repeats. */
import { createHash } from 'node:crypto';
import { Type, type Static } from '@sinclair/typebox';
import { EdgeError } from './errors';
import { limits } from './limits';

/** Optional in the schema, so that its absence gets an error of its own. */
export const idempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      // Visible ASCII: it becomes part of a Kafka record and of log lines.
      pattern: `^[\\x21-\\x7e]{1,${String(limits.idempotencyKeyCharactersMax)}}$`,
      description: 'Required; new for each new request, the same for its repeats.',
    }),
  ),
});

/** Throws `IDEMPOTENCY_KEY_MISSING`. */
export function idempotencyKeyOf(headers: Static<typeof idempotencyHeaders>): string {
  const key = headers['idempotency-key'];
  if (key !== undefined) return key;
  throw new EdgeError('IDEMPOTENCY_KEY_MISSING', { field: 'idempotency-key' });
}

/** Equal for bodies that ask for the same, whatever the order of their lines. */
export function fingerprintOf(
  items: readonly { readonly sku: string; readonly quantity: number }[],
): string {
  const lines = items.map(({ sku, quantity }) => [sku, quantity] as const);
  lines.sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(lines)).digest('hex');
}
