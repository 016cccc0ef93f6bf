/** What operators book by hand; 202 once Kafka has it. */
import type { FastifyRequest } from 'fastify';
import type { Static } from '@sinclair/typebox';
import { accountsRequests } from '../../topics/accounts';
import { catalogProducts } from '../../topics/catalog';
import { inventoryRequests } from '../../topics/inventory';
import {
  productChanged,
  spendingLimitChanged,
  stockReceived,
  type KeyedSource,
} from '../request-events';
import {
  eventAccepted,
  productBody,
  spendingLimitBody,
  stockBody,
} from '../contract/administration';
import { errorReply } from '../contract/error';
import { idempotencyHeaders, idempotencyKeyOf } from '../idempotency';
import { limits } from '../limits';
import type { EdgeParts, EdgeScope } from '../app-parts';
import { sessionOf } from '../plugins/session-gate';

const shared = {
  tags: ['administration'],
  headers: idempotencyHeaders,
  response: { 202: eventAccepted, '4xx': errorReply, '5xx': errorReply },
};

export function administrationRoutes(app: EdgeScope, { log }: Pick<EdgeParts, 'log'>): void {
  app.post(
    '/products',
    { schema: { ...shared, summary: 'Puts a product into the catalog.', body: productBody } },
    async (request, reply) => {
      const event = productChanged(sourceOf(request, request.headers), request.body);
      await log.append(catalogProducts, event, limits.commandAnswerMs);
      return reply.code(202).send({ eventId: event.eventId });
    },
  );

  app.post(
    '/stock',
    { schema: { ...shared, summary: 'Books a delivery of stock.', body: stockBody } },
    async (request, reply) => {
      const event = stockReceived(sourceOf(request, request.headers), request.body);
      await log.append(inventoryRequests, event, limits.commandAnswerMs);
      return reply.code(202).send({ eventId: event.eventId });
    },
  );

  app.post(
    '/spending-limits',
    { schema: { ...shared, summary: "Sets a user's spending limit.", body: spendingLimitBody } },
    async (request, reply) => {
      const event = spendingLimitChanged(sourceOf(request, request.headers), request.body);
      await log.append(accountsRequests, event, limits.commandAnswerMs);
      return reply.code(202).send({ eventId: event.eventId });
    },
  );
}

function sourceOf(
  request: Pick<FastifyRequest, 'id' | 'session' | 'url'>,
  headers: Static<typeof idempotencyHeaders>,
): KeyedSource {
  return {
    userId: sessionOf(request).userId,
    idempotencyKey: idempotencyKeyOf(headers),
    requestId: request.id,
    at: Date.now(),
  };
}
