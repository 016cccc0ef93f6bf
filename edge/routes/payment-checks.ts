/** Looking at PayPay again, for any order: what comes of it is on the order's timeline. */
import { paymentsRequests } from '../../topics/payments';
import type { EdgeParts, EdgeScope } from '../app-parts';
import { problemAnswers } from '../contract/error';
import { closedObject, uuid } from '../contract/fields';
import { orderAccepted } from '../contract/order';
import { paymentCheckBody } from '../contract/payment';
import { EdgeError } from '../errors';
import { idempotencyHeaders } from '../idempotency';
import { appendOnce } from '../plugins/idempotency-gate';
import { paymentCheckRequested } from '../request-events';
import { operatorSourceOf } from './alert-commands';

export function paymentCheckRoutes(
  app: EdgeScope,
  { log, readModels }: Pick<EdgeParts, 'log' | 'readModels'>,
): void {
  app.post(
    '/orders/:orderId/payment/check',
    {
      schema: {
        tags: ['operations'],
        summary: 'Asks PayPay about every attempt to pay an order.',
        params: closedObject({ orderId: uuid }),
        headers: idempotencyHeaders,
        body: paymentCheckBody,
        response: { 202: orderAccepted, ...problemAnswers },
      },
    },
    async (request, reply) => {
      const { orderId } = request.params;
      const payment = await readModels.payment(orderId);
      if (payment === undefined) throw new EdgeError('NOT_FOUND');
      if (payment.status === 'NOT_STARTED') throw new EdgeError('PAYMENT_NOT_STARTED');
      const event = paymentCheckRequested(orderId, operatorSourceOf(request), request.body);
      await appendOnce(log, request, paymentsRequests, event);
      return reply.code(202).send({ orderId });
    },
  );
}
