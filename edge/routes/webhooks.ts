/**
 * PayPay's webhooks: 200 only after Kafka has them, within PayPay's patience; else 503, so that
 * PayPay sends them again. Needs neither Redis nor Postgres. Every webhook is archived with a
 * verdict, also one that no order hears of; one that is refused leaves a line in the log as well.
 */
import type { FastifyRequest } from 'fastify';
import { Counter } from 'prom-client';
import { paymentsNotifications } from '../../topics/payments';
import { problemAnswers } from '../contract/error';
import { closedObject } from '../contract/fields';
import { readWebhook } from '../webhooks/webhook-reader';
import { EdgeError } from '../errors';
import { limits } from '../limits';
import {
  hasReplayKey,
  mayNotify,
  notificationReceived,
  plainAddress,
  REPLAY_HEADER,
  REPLAY_KEY_HEADER,
  replayOf,
  webhookSetAside,
  type Delivery,
} from '../webhooks/notification';
import type { EdgeParts, EdgeScope } from '../app-parts';
import { edgeErrorOf } from '../plugins/error-replies';
import type { RateLimits } from '../plugins/rate-limits';
import { WebhookBudget } from '../webhooks/webhook-budget';

interface WebhookParts extends Pick<EdgeParts, 'log' | 'metrics' | 'settings'> {
  readonly rateLimits: RateLimits;
}
const NOTHING_READ = Buffer.alloc(0);

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it was sent, where a webhook's was read. */
    webhookBytes: Buffer | undefined;
  }
}

export function webhookRoutes(app: EdgeScope, parts: WebhookParts): void {
  const { log, metrics, settings } = parts;
  const { webhookTrust, webhookReplayKey } = settings;
  const answers = new Counter({
    name: 'edge_webhooks_total',
    help: 'Webhooks of PayPay by how they were answered, and what was made of them.',
    labelNames: ['status', 'verdict'],
    registers: [metrics],
  });
  const asideBudget = new WebhookBudget({
    perSecond: limits.webhooksAsidePerSecond,
    burst: limits.webhooksAsideBurst,
  });
  app.decorateRequest('webhookBytes', undefined);
  keepBytes(app);
  app.addHook('onRequest', (request, _reply, done) => {
    const byKey = hasReplayKey(request.headers[REPLAY_KEY_HEADER], webhookReplayKey);
    const isReplay = byKey && request.headers[REPLAY_HEADER] !== undefined;
    if (isReplay || mayNotify(plainAddress(request.ip), webhookTrust)) done();
    else done(new EdgeError('SOURCE_REFUSED'));
  });
  rationOthers(app, parts);
  archiveRefused(app, parts, answers);

  app.post(
    '/paypay',
    {
      bodyLimit: limits.webhookBodyBytesMax,
      schema: {
        tags: ['webhooks'],
        summary: 'Takes a webhook of PayPay, of whatever kind.',
        response: { 200: closedObject({}), ...problemAnswers },
      },
    },
    async (request, reply) => {
      const delivery = deliveryOf(request, replayOf(request.headers[REPLAY_HEADER]));
      const webhook = readWebhook(delivery.body);
      // The body may have come in slowly; PayPay's clock runs from the request's first byte.
      const leftMs = () => Math.max(0, limits.webhookAnswerMs - reply.elapsedTime);
      if (webhook.kind === 'transaction') {
        const event = notificationReceived(delivery, webhook, webhookTrust);
        await log.append(paymentsNotifications, event, leftMs());
        answers.inc({ status: 200, verdict: event.verdict });
        return {};
      }
      if (!asideBudget.take(Date.now())) throw new EdgeError('WEBHOOKS_TOO_MANY');
      const event = webhookSetAside(delivery, { ...webhook, status: 200 });
      await log.append(paymentsNotifications, event, leftMs());
      const { verdict, reason, sourceAddress } = event;
      request.log.warn({ verdict, reason, sourceAddress }, 'a webhook was set aside');
      answers.inc({ status: 200, verdict });
      return {};
    },
  );
}

/** All but PayPay's own: what those are answered 429 is lost (edge/plugins/rate-limits.ts). */
function rationOthers(app: EdgeScope, { rateLimits, settings }: WebhookParts): void {
  const paypay = new Set(settings.paypayAddresses);
  const ration = rateLimits.byAddress('webhooks');
  app.addHook('onRequest', async (request, reply) => {
    if (!paypay.has(plainAddress(request.ip))) await ration(request, reply);
  });
}

/**
 * Refused webhooks are the sender's fault, and anybody may send them: a limited number a second is
 * archived and logged, and the next line says how many were not.
 */
function archiveRefused(
  app: EdgeScope,
  { log }: WebhookParts,
  answers: Counter<'status' | 'verdict'>,
): void {
  const budget = new WebhookBudget({
    perSecond: limits.webhooksRefusedPerSecond,
    burst: limits.webhooksRefusedBurst,
  });
  app.addHook('onError', (request, _reply, error, done) => {
    done();
    const { status, code, field = null } = edgeErrorOf(error);
    const verdict = verdictOf(status);
    answers.inc({ status, verdict });
    if (verdict !== 'REFUSED' || !budget.take(Date.now())) return;
    const aside = { verdict, reason: code, field, status } as const;
    const event = webhookSetAside(deliveryOf(request, null), aside);
    request.log.warn(
      {
        ...aside,
        sourceAddress: event.sourceAddress,
        body: event.body.toString('utf8', 0, limits.refusedBodyBytesLogged),
        unlogged: budget.takeRefused(),
      },
      'a webhook was refused',
    );
    log.append(paymentsNotifications, event, limits.webhookAnswerMs).catch((cause: unknown) => {
      request.log.warn({ err: cause }, 'a refused webhook was not archived');
    });
  });
}

function verdictOf(status: number): 'REFUSED' | 'OVER_RATE' | 'NOT_TAKEN' {
  if (status === 429) return 'OVER_RATE';
  return status < 500 ? 'REFUSED' : 'NOT_TAKEN';
}

function deliveryOf(request: FastifyRequest, replayOf: string | null): Delivery {
  return {
    requestId: request.id,
    body: request.webhookBytes ?? NOTHING_READ,
    sourceAddress: plainAddress(request.ip),
    receivedAt: Date.now(),
    replayOf,
  };
}

/** For audit and replay the event carries what was sent, byte for byte, which JSON would not keep. */
function keepBytes(app: EdgeScope): void {
  const options = { parseAs: 'buffer', bodyLimit: limits.webhookBodyBytesMax } as const;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', options, (request, bytes: Buffer, done) => {
    request.webhookBytes = bytes;
    done(null, undefined);
  });
  app.addContentTypeParser('*', options, (request, bytes: Buffer, done) => {
    request.webhookBytes = bytes;
    done(new EdgeError('UNSUPPORTED_MEDIA_TYPE'));
  });
}
