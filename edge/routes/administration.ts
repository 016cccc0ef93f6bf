/** What operators book by hand; 202 once Kafka has it. */
import { accountsRequests } from '../../topics/accounts';
import { inventoryRequests } from '../../topics/inventory';
import type { EventOf } from '../../schemas/event';
import { spendingLimitChanged, stockAdjustmentRequested, stockReceived } from '../request-events';
import {
  eventAccepted,
  historyQuery,
  spendingLimitBody,
  spendingLimitHistory,
  stockAdjustmentBody,
  stockBody,
  stockHistory,
  stockList,
  stockQuery,
  userId,
} from '../contract/administration';
import { problemAnswers } from '../contract/error';
import { closedObject, sku } from '../contract/fields';
import { EdgeError } from '../errors';
import { idempotencyHeaders } from '../idempotency';
import type { EdgeParts, EdgeScope } from '../app-parts';
import { appendOnce, keyedRequestOf, keyedSourceOf } from '../plugins/idempotency-gate';

type AdministrationParts = Pick<EdgeParts, 'log' | 'readModels'>;

const shared = {
  tags: ['administration'],
  headers: idempotencyHeaders,
  response: { 202: eventAccepted, ...problemAnswers },
};

export function administrationRoutes(app: EdgeScope, parts: AdministrationParts): void {
  const { log } = parts;

  app.get(
    '/stock',
    {
      schema: {
        tags: shared.tags,
        summary: 'How much there is of each sku: in all, available, reserved and sold.',
        querystring: stockQuery,
        response: { 200: stockList, ...problemAnswers },
      },
    },
    (request) => parts.readModels.stockList(request.query),
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
    '/stock/adjustments',
    {
      schema: {
        ...shared,
        summary: 'Corrects the stock of a sku; never below what is reserved.',
        body: stockAdjustmentBody,
      },
    },
    async (request, reply) => {
      const event = stockAdjustmentRequested(keyedSourceOf(request), request.body);
      if (!keyedRequestOf(request).isLogged) await refuseAdjustment(parts, event);
      await appendOnce(log, request, inventoryRequests, event);
      return reply.code(202).send({ eventId: event.eventId });
    },
  );

  app.get(
    '/stock/:sku/adjustments',
    {
      schema: {
        tags: shared.tags,
        summary: 'The stock of a sku, and its corrections with what became of each.',
        params: closedObject({ sku }),
        querystring: historyQuery,
        response: { 200: stockHistory, ...problemAnswers },
      },
    },
    (request) => parts.readModels.stockHistory(request.params.sku, request.query.before),
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

  app.get(
    '/spending-limits/:userId',
    {
      schema: {
        tags: shared.tags,
        summary: "A user's spending limit, and who changed it, when and why.",
        params: closedObject({ userId }),
        querystring: historyQuery,
        response: { 200: spendingLimitHistory, ...problemAnswers },
      },
    },
    (request) => parts.readModels.spendingLimitHistory(request.params.userId, request.query.before),
  );
}

/**
 * What is plain from the read models is refused at once, with the figures. They may be behind: what
 * they do not show is let through, and inventory decides. A repeat of what was taken is no conflict,
 * though the stock has moved on.
 */
async function refuseAdjustment(
  { readModels }: AdministrationParts,
  { sku, quantity, eventId }: EventOf<'StockAdjustmentRequested'>,
): Promise<void> {
  if (quantity === 0) {
    throw new EdgeError('INVALID_FIELD', { field: 'quantity', detail: 'quantity must not be 0.' });
  }
  const { level, adjustments } = await readModels.stockHistory(sku);
  if (level === null || adjustments.some((known) => known.eventId === eventId)) return;
  const { available, reserved } = level;
  if (available + quantity >= 0) return;
  const detail =
    `${String(available)} of ${sku} are available and ${String(reserved)} reserved for open ` +
    `orders; at most ${String(available)} can be taken off.`;
  throw new EdgeError('STOCK_NOT_AVAILABLE', { field: 'quantity', detail });
}
