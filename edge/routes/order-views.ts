/** What became of orders. Owners see their own, operators all; for anyone else there is no order. */
import { Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import type { OrderView } from '../contract/api-types';
import { problemAnswers } from '../contract/error';
import { closedObject, patterned, uuid } from '../contract/fields';
import { orderList, orderView, timeline, timelineQuery } from '../contract/order';
import { paymentView } from '../contract/payment';
import { EdgeError } from '../errors';
import { orderTopics } from '../order-topics';
import type { EdgeParts, EdgeScope } from '../app-parts';
import { sessionOf } from '../plugins/session-gate';
import type { OrderCursor, ReadModels } from '../read-models/read-models';

const tags = ['orders'];
const params = closedObject({ orderId: uuid });

export function orderViewRoutes(
  app: EdgeScope,
  { readModels }: Pick<EdgeParts, 'readModels'>,
): void {
  app.get(
    '/orders',
    {
      schema: {
        tags,
        summary: 'Orders, newest first: one’s own, or everybody’s for operators.',
        querystring: closedObject({
          before: Type.Optional(
            patterned('^[0-9]{1,15}\\.[0-9a-f-]{36}$', 'the `next` of the page before', {
              description: 'The `next` of the page before.',
            }),
          ),
        }),
        response: { 200: orderList, ...problemAnswers },
      },
    },
    (request) => {
      const { userId, roles } = sessionOf(request);
      const { before } = request.query;
      return readModels.orders({
        ...(roles.includes('ops') ? {} : { userId }),
        ...(before === undefined ? {} : { before: cursorOf(before) }),
      });
    },
  );

  app.get(
    '/orders/:orderId',
    {
      schema: {
        tags,
        summary: 'One order.',
        params,
        response: { 200: orderView, ...problemAnswers },
      },
    },
    (request) => visibleOrder(readModels, request, request.params.orderId),
  );

  app.get(
    '/orders/:orderId/timeline',
    {
      schema: {
        tags,
        summary: 'Everything the log says of one order, with its places in the log.',
        params,
        querystring: timelineQuery,
        response: { 200: timeline, ...problemAnswers },
      },
    },
    async (request) => {
      const { orderId } = request.params;
      await visibleOrder(readModels, request, orderId);
      const audience = sessionOf(request).roles.includes('ops') ? 'ops' : 'shopper';
      const { before } = request.query;
      const page = await readModels.timeline(orderId, orderTopics[audience], before);
      return { orderId, ...page };
    },
  );

  app.get(
    '/orders/:orderId/payment',
    {
      schema: {
        tags,
        summary: 'How the order is paid: the code to show, and what PayPay says.',
        params,
        response: { 200: paymentView, ...problemAnswers },
      },
    },
    async (request) => {
      const { orderId } = request.params;
      await visibleOrder(readModels, request, orderId);
      const payment = await readModels.payment(orderId);
      if (payment === undefined) throw new EdgeError('NOT_FOUND');
      return payment;
    },
  );
}

async function visibleOrder(
  readModels: ReadModels,
  request: FastifyRequest,
  orderId: string,
): Promise<OrderView> {
  const { userId, roles } = sessionOf(request);
  const order = await readModels.order(orderId);
  if (order === undefined || (order.userId !== userId && !roles.includes('ops'))) {
    throw new EdgeError('NOT_FOUND');
  }
  return order;
}

/** The schema holds the text to `<ms since the epoch>.<orderId>`. */
function cursorOf(text: string): OrderCursor {
  const dot = text.indexOf('.');
  return { createdAt: Number(text.slice(0, dot)), orderId: text.slice(dot + 1) };
}
