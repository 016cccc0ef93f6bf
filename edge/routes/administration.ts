/** What operators book by hand; 202 once Kafka has it. */
import { accountsRequests } from '../../topics/accounts';
import { catalogProducts } from '../../topics/catalog';
import { inventoryRequests } from '../../topics/inventory';
import { productChanged, spendingLimitChanged, stockReceived } from '../request-events';
import {
  eventAccepted,
  productBody,
  spendingLimitBody,
  stockBody,
} from '../contract/administration';
import { errorReply } from '../contract/error';
import { idempotencyHeaders } from '../idempotency';
import type { EdgeParts, EdgeScope } from '../app-parts';
import { appendOnce, keyedSourceOf } from '../plugins/idempotency-gate';

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
      const event = productChanged(keyedSourceOf(request), request.body);
      await appendOnce(log, request, catalogProducts, event);
      return reply.code(202).send({ eventId: event.eventId });
    },
  );

  app.post(
    '/stock',
    { schema: { ...shared, summary: 'Books a delivery of stock.', body: stockBody } },
    async (request, reply) => {
      const event = stockReceived(keyedSourceOf(request), request.body);
      await appendOnce(log, request, inventoryRequests, event);
      return reply.code(202).send({ eventId: event.eventId });
    },
  );

  app.post(
    '/spending-limits',
    { schema: { ...shared, summary: "Sets a user's spending limit.", body: spendingLimitBody } },
    async (request, reply) => {
      const event = spendingLimitChanged(keyedSourceOf(request), request.body);
      await appendOnce(log, request, accountsRequests, event);
      return reply.code(202).send({ eventId: event.eventId });
    },
  );
}
