/**
 * PayPay's webhooks: 200 only after Kafka has the notification, within PayPay's patience; else 503,
 * so that PayPay sends it again. Needs neither Redis nor Postgres.
 */
import { Counter } from 'prom-client';
import { paymentsNotifications } from '../../topics/payments';
import { errorReply } from '../contract/error';
import { closedObject } from '../contract/fields';
import { webhookBody } from '../contract/webhook';
import { EdgeError } from '../errors';
import { limits } from '../limits';
import {
  mayNotify,
  notificationReceived,
  plainAddress,
  REPLAY_HEADER,
  replayOf,
} from '../notification';
import type { EdgeParts, EdgeScope } from '../app-parts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it was sent, where a route keeps it. */
    rawBody: string | null;
  }
}

export function webhookRoutes(
  app: EdgeScope,
  { log, metrics, settings }: Pick<EdgeParts, 'log' | 'metrics' | 'settings'>,
): void {
  const { webhookTrust } = settings;
  const answers = new Counter({
    name: 'edge_webhooks_total',
    help: 'Webhooks of PayPay by how they were answered.',
    labelNames: ['status'],
    registers: [metrics],
  });
  keepRawBody(app);
  app.addHook('onRequest', (request, _reply, done) => {
    if (mayNotify(plainAddress(request.ip), webhookTrust)) done();
    else done(new EdgeError('SOURCE_REFUSED'));
  });
  app.addHook('onResponse', (_request, reply, done) => {
    answers.inc({ status: reply.statusCode });
    done();
  });

  app.post(
    '/paypay',
    {
      bodyLimit: limits.webhookBodyBytesMax,
      schema: {
        tags: ['webhooks'],
        summary: 'Takes a transaction webhook of PayPay.',
        body: webhookBody,
        response: { 200: closedObject({}), '4xx': errorReply, '5xx': errorReply },
      },
    },
    async (request, reply) => {
      const receivedAt = Date.now();
      const delivery = {
        requestId: request.id,
        body: request.body,
        rawBody: request.rawBody ?? '',
        sourceAddress: plainAddress(request.ip),
        receivedAt,
        replayOf: replayOf(request.headers[REPLAY_HEADER]),
      };
      const event = notificationReceived(delivery, webhookTrust);
      // The body may have come in slowly; PayPay's clock runs from the request's first byte.
      const leftMs = Math.max(0, limits.webhookAnswerMs - reply.elapsedTime);
      await log.append(paymentsNotifications, event, leftMs);
      return {};
    },
  );
}

/** For audit and replay the event carries what was sent, byte for byte, which JSON would not keep. */
function keepRawBody(app: EdgeScope): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  const text = new TextDecoder('utf-8', { fatal: true });
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: limits.webhookBodyBytesMax },
    (request, bytes: Buffer, done) => {
      try {
        request.rawBody = text.decode(bytes);
      } catch (error) {
        done(new EdgeError('MALFORMED_JSON', { cause: error }));
        return;
      }
      void parse(request, request.rawBody, done);
    },
  );
}
