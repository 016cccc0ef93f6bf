import { v5 } from 'uuid';

export { eventId } from '../platform/avro/event-id';

const ORDER_NAMESPACE = 'b1a5c2de-7f0c-5d7b-8f3e-2a9c4d6e8f10';

/** The order that a user's Idempotency-Key stands for; UUID v5 of both. */
export function orderIdOf(userId: string, idempotencyKey: string): string {
  return v5(JSON.stringify([userId, idempotencyKey]), ORDER_NAMESPACE);
}
