/** Placing and cancelling orders: the answer is 202 once Kafka has the request. */
import type { EventOf } from '../../schemas/event';
import { orderIdOf } from '../../schemas/event-id';
import { ordersRequests } from '../../topics/orders';
import type { PurchaseBody } from '../contract/api-types';
import { cancellationRequested, purchaseRequested } from '../request-events';
import { errorReply } from '../contract/error';
import { closedObject, uuid } from '../contract/fields';
import { cancellationBody, orderAccepted, purchaseBody } from '../contract/order';
import { EdgeError } from '../errors';
import { fingerprintOf, idempotencyHeaders, idempotencyKeyOf } from '../idempotency';
import { limits } from '../limits';
import type { Catalog } from '../log/catalog';
import type { EdgeParts, EdgeScope } from '../app-parts';
import { sessionOf } from '../plugins/session-gate';
import type { ReadModels } from '../read-models/read-models';
import type { Session } from '../sessions/session-store';

const tags = ['orders'];
const response = { 202: orderAccepted, '4xx': errorReply, '5xx': errorReply };

type OrderRouteParts = Pick<EdgeParts, 'log' | 'catalog' | 'readModels' | 'idempotency'>;

export function orderRoutes(app: EdgeScope, parts: OrderRouteParts): void {
  const { log, catalog, readModels } = parts;

  app.post(
    '/orders',
    {
      schema: {
        tags,
        summary: 'Places an order. A repeat with the same Idempotency-Key is the same order.',
        headers: idempotencyHeaders,
        body: purchaseBody,
        response,
      },
    },
    async (request, reply) => {
      const idempotencyKey = idempotencyKeyOf(request.headers);
      const { userId } = sessionOf(request);
      refuseUnknownItems(catalog, request.body);
      const orderId = orderIdOf(userId, idempotencyKey);
      const source = { userId, idempotencyKey, requestId: request.id, at: Date.now() };
      await place(parts, purchaseRequested(orderId, source, request.body));
      return reply.code(202).send({ orderId });
    },
  );

  app.post(
    '/orders/:orderId/cancel',
    {
      schema: {
        tags,
        summary: 'Asks to cancel an order; a payment that was made meanwhile stands.',
        params: closedObject({ orderId: uuid }),
        body: cancellationBody,
        response,
      },
    },
    async (request, reply) => {
      const { orderId } = request.params;
      const session = sessionOf(request);
      await refuseCancellation(readModels, orderId, session);
      const source = { userId: session.userId, requestId: request.id, at: Date.now() };
      const event = cancellationRequested(orderId, source, request.body);
      await log.append(ordersRequests, event, limits.commandAnswerMs);
      return reply.code(202).send({ orderId });
    },
  );
}

function refuseUnknownItems(catalog: Catalog, { items }: PurchaseBody): void {
  const seen = new Set<string>();
  items.forEach(({ sku }, index) => {
    const field = `items.${String(index)}.sku`;
    if (seen.has(sku)) throw new EdgeError('DUPLICATE_SKU', { field });
    seen.add(sku);
    switch (catalog.lookUp(sku)) {
      case 'for-sale':
        return;
      case 'unknown':
        throw new EdgeError('UNKNOWN_SKU', { field });
      case 'loading':
        throw new EdgeError('CATALOG_LOADING');
    }
  });
}

/** The key is claimed before Kafka is asked, so that a burst of requests is decided by one of them. */
async function place(
  { log, idempotency }: OrderRouteParts,
  event: EventOf<'PurchaseRequested'>,
): Promise<void> {
  const { orderId, items } = event;
  const claim = await idempotency.claim(orderId, fingerprintOf(items));
  if (claim === 'conflict') throw new EdgeError('IDEMPOTENCY_CONFLICT', { field: 'items' });
  try {
    await log.append(ordersRequests, event, limits.commandAnswerMs);
  } catch (error) {
    // What Kafka did not take may be mended and sent again under its key.
    if (claim === 'first') await idempotency.release(orderId);
    throw error;
  }
}

/** Without the read models the request is taken all the same: orders checks the owner itself. */
async function refuseCancellation(
  readModels: ReadModels,
  orderId: string,
  { userId, roles }: Session,
): Promise<void> {
  const order = await readModels.order(orderId).catch((error: unknown) => {
    if (error instanceof EdgeError && error.code === 'VIEWS_UNAVAILABLE')
      return 'unavailable' as const;
    throw error;
  });
  if (order === 'unavailable') return;
  if (order === undefined) throw new EdgeError('NOT_FOUND');
  if (order.userId !== userId) {
    throw new EdgeError(roles.includes('ops') ? 'NOT_OWNER' : 'NOT_FOUND');
  }
  if (order.status === 'PAID' || order.status === 'FAILED') throw new EdgeError('ORDER_ENDED');
}
