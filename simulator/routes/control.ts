import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Static } from '@sinclair/typebox';
import {
  ActionSchema,
  CallsQuery,
  FaultDrawSchema,
  ForgedWebhookSchema,
  LIST_MAX,
  OrderFaultsSchema,
  OrderParams,
  OutageSchema,
  PaymentParams,
  PaymentQuery,
  ResendSchema,
  SettingsSchema,
  WebhookParams,
  WebhookPlanSchema,
  WebhookQuery,
  type ActionRequest,
  type FaultDrawRequest,
  type ForgedWebhookRequest,
  type OutageRequest,
  type SettingsRequest,
} from '../control-schema';
import { viewPayment, viewState, type CallsView } from '../control-view';
import { SimulatorError } from '../error';
import { conflictIn, FAULTS } from '../fault-mix';
import { OPERATIONS, type Outage, type WebhookPlan } from '../fault-plan';
import type { Action } from '../hand-control';
import type { Settings } from '../settings';
import type { SimulatedPayPay } from '../simulated-paypay';
import type { Webhook } from '../webhook-log';

/** How long `slow` takes when nobody says: longer than any client here waits. */
const SLOW_DEFAULT_MS = 30_000;

/** The control API: everything a developer, a scenario or the page does to the simulated PayPay. */
export function controlRoutes(app: FastifyInstance, paypay: SimulatedPayPay): void {
  paymentRoutes(app, paypay);
  webhookRoutes(app, paypay);
  behaviourRoutes(app, paypay);
  faultRoutes(app, paypay);
  app.get('/simulator/state', () => viewState(paypay));
  app.get<{ Querystring: Static<typeof CallsQuery> }>(
    '/simulator/calls',
    { schema: { querystring: CallsQuery } },
    ({ query: { since = '0' } }): CallsView => ({
      totals: paypay.calls.totalsByOperation,
      seconds: paypay.calls.since(Number(since)),
    }),
  );
  app.get('/simulator/events', (_request, reply) => streamChanges(paypay, reply));
}

function paymentRoutes(app: FastifyInstance, paypay: SimulatedPayPay): void {
  app.get<{ Querystring: Static<typeof PaymentQuery> }>(
    '/simulator/payments',
    { schema: { querystring: PaymentQuery } },
    ({ query: { limit, prefix = '' } }) => ({
      payments: paypay.ledger
        .newest(listLength(limit), ({ merchantPaymentId }) => merchantPaymentId.startsWith(prefix))
        .map((payment) => viewPayment(paypay, payment)),
    }),
  );
  app.get<{ Params: Static<typeof PaymentParams> }>(
    '/simulator/payments/:merchantPaymentId',
    { schema: { params: PaymentParams } },
    ({ params }) => viewPayment(paypay, paypay.payment(params.merchantPaymentId)),
  );
  app.post<{ Params: Static<typeof PaymentParams>; Body: ActionRequest }>(
    '/simulator/payments/:merchantPaymentId/actions',
    { schema: { params: PaymentParams, body: ActionSchema } },
    ({ params, body }) =>
      viewPayment(paypay, paypay.act(params.merchantPaymentId, actionOf(body), body.webhook ?? {})),
  );
  app.put<{ Params: Static<typeof PaymentParams>; Body: WebhookPlan }>(
    '/simulator/payments/:merchantPaymentId/webhook-plan',
    { schema: { params: PaymentParams, body: WebhookPlanSchema } },
    ({ params: { merchantPaymentId }, body }) => {
      paypay.controls.planWebhooksOf(merchantPaymentId, body);
      paypay.changes.announce();
      return body;
    },
  );
  app.put<{ Params: Static<typeof PaymentParams>; Body: OutageRequest }>(
    '/simulator/payments/:merchantPaymentId/outage',
    { schema: { params: PaymentParams, body: OutageSchema } },
    ({ params: { merchantPaymentId }, body }) => {
      const outage = outageOf(body, paypay.now);
      paypay.controls.breakApiOf(merchantPaymentId, outage);
      return outage;
    },
  );
  app.delete<{ Params: Static<typeof PaymentParams> }>(
    '/simulator/payments/:merchantPaymentId/outage',
    { schema: { params: PaymentParams } },
    ({ params: { merchantPaymentId } }) => {
      paypay.controls.repairApiOf(merchantPaymentId);
      return {};
    },
  );
}

function webhookRoutes(app: FastifyInstance, paypay: SimulatedPayPay): void {
  app.get<{ Querystring: Static<typeof WebhookQuery> }>(
    '/simulator/webhooks',
    { schema: { querystring: WebhookQuery } },
    ({ query: { limit, merchantPaymentId } }) => ({
      webhooks: paypay.log.newest(listLength(limit), merchantPaymentId),
    }),
  );
  app.post<{ Body: ForgedWebhookRequest }>(
    '/simulator/webhooks',
    { schema: { body: ForgedWebhookSchema } },
    ({ body }, reply) => reply.code(202).send(forge(paypay, body)),
  );
  app.post<{ Params: Static<typeof WebhookParams>; Body: Static<typeof ResendSchema> }>(
    '/simulator/webhooks/:webhookId/resend',
    { schema: { params: WebhookParams, body: ResendSchema } },
    ({ params, body }, reply) =>
      reply.code(202).send(paypay.resend(params.webhookId, body.webhook ?? {})),
  );
}

function behaviourRoutes(app: FastifyInstance, paypay: SimulatedPayPay): void {
  const { controls } = paypay;
  const changed = () => {
    paypay.changes.announce();
    return viewState(paypay);
  };
  app.put<{ Body: WebhookPlan }>(
    '/simulator/webhook-plan',
    { schema: { body: WebhookPlanSchema } },
    ({ body }) => {
      controls.planAllWebhooks(body);
      return changed();
    },
  );
  app.put<{ Body: OutageRequest }>(
    '/simulator/outage',
    { schema: { body: OutageSchema } },
    ({ body }) => {
      controls.breakApi(outageOf(body, paypay.now));
      return changed();
    },
  );
  app.delete('/simulator/outage', () => {
    controls.repairApi();
    return changed();
  });
  app.patch<{ Body: SettingsRequest }>(
    '/simulator/settings',
    { schema: { body: SettingsSchema } },
    ({ body }) => {
      controls.change(settingsOf(body));
      return changed();
    },
  );
}

function faultRoutes(app: FastifyInstance, paypay: SimulatedPayPay): void {
  const changed = () => {
    paypay.changes.announce();
    return viewState(paypay);
  };
  app.put<{ Body: FaultDrawRequest }>(
    '/simulator/fault-mix',
    { schema: { body: FaultDrawSchema } },
    ({ body: { seed, among = FAULTS } }) => {
      paypay.plays.draw({ kind: 'drawn', seed, among });
      return changed();
    },
  );
  app.delete('/simulator/fault-mix', () => {
    paypay.plays.draw({ kind: 'off' });
    return changed();
  });
  app.put<{ Params: Static<typeof OrderParams>; Body: Static<typeof OrderFaultsSchema> }>(
    '/simulator/orders/:orderId/faults',
    { schema: { params: OrderParams, body: OrderFaultsSchema } },
    ({ params, body }) => {
      const conflict = conflictIn(body.faults);
      if (conflict !== undefined) {
        const message = `${conflict.join(' and ')} cannot both happen to one order`;
        throw new SimulatorError('INVALID_REQUEST', message, 'faults');
      }
      return paypay.plays.assign(params.orderId, body.faults);
    },
  );
  app.get<{ Params: Static<typeof OrderParams> }>(
    '/simulator/orders/:orderId/faults',
    { schema: { params: OrderParams } },
    ({ params: { orderId } }) => {
      const play = paypay.plays.ofOrder(orderId);
      if (play !== undefined) return play;
      throw new SimulatorError('UNKNOWN_ORDER', `nothing is played with order ${orderId}`);
    },
  );
}

function outageOf(
  { mode, effect, delayMs, operations, durationMs }: OutageRequest,
  now: number,
): Outage {
  return {
    mode,
    effect: effect ?? 'none',
    delayMs: delayMs ?? SLOW_DEFAULT_MS,
    operations: operations ?? OPERATIONS,
    until: now + durationMs,
  };
}

function listLength(limit: string | undefined): number {
  return Math.min(Number(limit ?? LIST_MAX), LIST_MAX);
}

function actionOf(request: ActionRequest): Action {
  const { action, to, amount, currency, delayMs, fails } = request;
  const pays = action === 'pay' || action === 'pay-late';
  if (to !== undefined && action !== 'revert') {
    throw new SimulatorError('INVALID_REQUEST', '`to` belongs to the action revert', 'to');
  }
  if (amount !== undefined && action !== 'refund' && !pays) {
    throw new SimulatorError('INVALID_REQUEST', '`amount` belongs to pay and refund', 'amount');
  }
  if (currency !== undefined && !pays) {
    throw new SimulatorError('INVALID_REQUEST', '`currency` belongs to pay', 'currency');
  }
  for (const field of ['delayMs', 'fails'] as const) {
    if (request[field] !== undefined && action !== 'refund') {
      throw new SimulatorError('INVALID_REQUEST', `\`${field}\` belongs to refund`, field);
    }
  }
  switch (action) {
    case 'revert':
      if (to === undefined) {
        throw new SimulatorError(
          'INVALID_REQUEST',
          'revert needs FAILED, CANCELED or REFUNDED',
          'to',
        );
      }
      return to === 'REFUNDED' ? { kind: 'refund' } : { kind: 'revert', to };
    case 'refund':
      return {
        kind: 'refund',
        ...(amount === undefined ? {} : { amount }),
        ...(delayMs === undefined ? {} : { delayMs }),
        ...(fails === undefined ? {} : { fails }),
      };
    case 'pay':
    case 'pay-late': {
      const money = {
        ...(amount === undefined ? {} : { amount }),
        ...(currency === undefined ? {} : { currency }),
      };
      return Object.keys(money).length === 0 ? { kind: action } : { kind: action, money };
    }
    default:
      return { kind: action };
  }
}

function forge(paypay: SimulatedPayPay, request: ForgedWebhookRequest): Webhook {
  const { merchantPaymentId, state, body, text, webhook = {} } = request;
  if (text !== undefined) return paypay.forgeText(merchantPaymentId, text, webhook);
  if (body !== undefined) return paypay.forgeBody(merchantPaymentId, body, webhook);
  if (state !== undefined) return paypay.forge(merchantPaymentId, state, webhook);
  throw new SimulatorError('INVALID_REQUEST', 'give a state, a body or a text', 'state');
}

function settingsOf({ autoPayAfterMs, ...settings }: SettingsRequest): Partial<Settings> {
  if (autoPayAfterMs === undefined) return settings;
  return {
    ...settings,
    autoPay: autoPayAfterMs === 0 ? { kind: 'off' } : { kind: 'after', delayMs: autoPayAfterMs },
  };
}

/** Server-sent events: the revision now, and each new one. */
function streamChanges(paypay: SimulatedPayPay, reply: FastifyReply): FastifyReply {
  const { raw } = reply;
  const write = (revision: number) => raw.write(`data: ${revision}\n\n`);
  const unsubscribe = paypay.changes.subscribe(write);
  if (unsubscribe === undefined) {
    throw new SimulatorError('TOO_MANY_SUBSCRIBERS', 'too many pages follow already');
  }
  reply.hijack();
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  write(paypay.changes.revision);
  raw.on('close', unsubscribe);
  return reply;
}
