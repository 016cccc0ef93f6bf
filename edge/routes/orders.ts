/** Placing and cancelling orders: the answer is 202 once Kafka has the request. */
import type { FastifyRequest } from 'fastify';
import { orderIdOf } from '../../schemas/event-id';
import { ordersRequests } from '../../topics/orders';
import type { PurchaseBody } from '../contract/api-types';
import {
  cancellationRequested,
  purchaseRequested,
  type CommandSource,
  type KeyedSource,
} from '../request-events';
import { problemAnswers } from '../contract/error';
import { closedObject, uuid } from '../contract/fields';
import { cancellationBody, orderAccepted, purchaseBody } from '../contract/order';
import { EdgeError } from '../errors';
import { idempotencyHeaders, optionalIdempotencyHeaders } from '../idempotency';
import type { Catalog } from '../log/catalog';
import type { EdgeParts, EdgeScope } from '../app-parts';
import { appendOnce, keyedRequestOf, keyedSourceOf } from '../plugins/idempotency-gate';
import type { RateLimits } from '../plugins/rate-limits';
import { sessionOf } from '../plugins/session-gate';
import type { ReadModels } from '../read-models/read-models';
import type { Session } from '../sessions/session-store';

const tags = ['orders'];
const response = { 202: orderAccepted, ...problemAnswers };

interface OrderRouteParts extends Pick<EdgeParts, 'log' | 'catalog' | 'readModels'> {
  readonly rateLimits: RateLimits;
}

export function orderRoutes(app: EdgeScope, parts: OrderRouteParts): void {
  const { log, catalog, readModels, rateLimits } = parts;
  app.post(
    '/orders',
    {
      onRequest: [
        rateLimits.byAddress('orders'),
        (request, reply) =>
          rateLimits.take('orders', `user:${sessionOf(request).userId}`, request, reply),
      ],
      schema: {
        tags,
        summary: 'Places an order. A repeat with the same Idempotency-Key is the same order.',
        headers: idempotencyHeaders,
        body: purchaseBody,
        response,
      },
    },
    async (request, reply) => {
      const source = keyedSourceOf(request);
      if (!keyedRequestOf(request).isLogged) refuseUnknownItems(catalog, request.body);
      const orderId = orderIdOf(source.userId, source.idempotencyKey);
      const event = purchaseRequested(orderId, source, request.body);
      await appendOnce(log, request, ordersRequests, event);
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
        headers: optionalIdempotencyHeaders,
        body: cancellationBody,
        response,
      },
    },
    async (request, reply) => {
      const { orderId } = request.params;
      const isLogged = request.keyed?.isLogged === true;
      if (!isLogged) await refuseCancellation(readModels, orderId, sessionOf(request));
      const event = cancellationRequested(orderId, sourceOf(request), request.body);
      await appendOnce(log, request, ordersRequests, event);
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

/** Who cancels may leave out the key. */
function sourceOf(
  request: Pick<FastifyRequest, 'id' | 'keyed' | 'session' | 'url'>,
): CommandSource | KeyedSource {
  if (request.keyed !== null) return keyedSourceOf(request);
  return { userId: sessionOf(request).userId, requestId: request.id, at: Date.now() };
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
