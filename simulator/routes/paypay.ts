import type { TSchema, Static } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../platform/clock';
import {
  cancelPayment,
  codePaymentDetails,
  createCode,
  deleteCode,
  paymentDetails,
  refundDetails,
  refundPayment,
  revertAuthorization,
} from '../api-operation';
import { CreateCodeRequest, RefundRequest, RevertAuthorizationRequest } from '../api-request';
import { verifyAuthorization, type Credentials } from '../authorization';
import type { Operation } from '../fault-plan';
import { answerOf, type Answer } from '../result-code';
import type { SimulatedPayPay } from '../simulated-paypay';
import { breakRequest } from './api-outage';

export interface PayPayRouteOptions {
  readonly paypay: SimulatedPayPay;
  readonly clock: Clock;
  readonly credentials: Credentials;
  /** Where a shopper's browser finds this process; the request's own host without it. */
  readonly publicUrl?: string;
}

type Respond = (request: FastifyRequest, body: Buffer) => Answer;

/** Which payment a call is about, as far as that can be known. */
type Subject = (request: FastifyRequest, body: Buffer) => string | undefined;

interface Endpoint {
  readonly operation: Operation;
  readonly subject: Subject;
  readonly respond: Respond;
}

/**
 * PayPay's API under its real paths. Each request goes the same way: it is counted; the outage, if
 * there is one; the signature over the bytes as they came; the merchant; the operation.
 */
export function payPayRoutes(app: FastifyInstance, options: PayPayRouteOptions): void {
  const { paypay } = options;
  // The signature covers bytes, so the body is parsed after it was checked.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  const route = (method: 'GET' | 'POST' | 'DELETE', url: string, endpoint: Endpoint) =>
    app.route({
      method,
      url,
      handler: (request, reply) => handle(options, endpoint, request, reply),
    });
  const { ledger } = paypay;
  const byId = (
    operation: Operation,
    operate: (paypay: SimulatedPayPay, id: string) => Answer,
    subject: (id: string) => string | undefined,
  ): Endpoint => ({
    operation,
    subject: (request) => subject(idOf(request)),
    respond: (request) => operate(paypay, idOf(request)),
  });
  const itself = (id: string) => id;

  route('POST', '/v2/codes', {
    operation: 'create-code',
    subject: (_request, body) => fieldOf(body, 'merchantPaymentId'),
    respond: (request, body) =>
      withBody(CreateCodeRequest, body, (code) =>
        createCode(paypay, code, options.publicUrl ?? `http://${request.host}`),
      ),
  });
  route(
    'DELETE',
    '/v2/codes/:id',
    byId('delete-code', deleteCode, (id) => ledger.findByCode(id)?.merchantPaymentId),
  );
  route('GET', '/v2/codes/payments/:id', byId('payment-details', codePaymentDetails, itself));
  route('GET', '/v2/payments/:id', byId('payment-details', paymentDetails, itself));
  route('DELETE', '/v2/payments/:id', byId('cancel-payment', cancelPayment, itself));
  const ofPayment: Subject = (_request, body) =>
    ledger.findByPaymentId(fieldOf(body, 'paymentId') ?? '')?.merchantPaymentId;
  route('POST', '/v2/payments/preauthorize/revert', {
    operation: 'revert-authorization',
    subject: ofPayment,
    respond: (_request, body) =>
      withBody(RevertAuthorizationRequest, body, (revert) => revertAuthorization(paypay, revert)),
  });
  route('POST', '/v2/refunds', {
    operation: 'refund',
    subject: ofPayment,
    respond: (_request, body) =>
      withBody(RefundRequest, body, (refund) => refundPayment(paypay, refund)),
  });
  route(
    'GET',
    '/v2/refunds/:id',
    byId('refund-details', refundDetails, (id) => ledger.findByRefund(id)?.merchantPaymentId),
  );
}

async function handle(
  options: PayPayRouteOptions,
  { operation, subject, respond }: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { paypay, clock } = options;
  paypay.calls.note(operation, paypay.now);
  const wait = (ms: number) => clock.sleep(ms, paypay.closed);
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const about = subject(request, body);
  // Whether the code's outcome is lost is drawn before the code is made.
  if (operation === 'create-code' && about !== undefined) paypay.plays.codeRequested(about);
  const outage = paypay.controls.outageOf(operation, about, paypay.now);
  if (outage?.effect === 'none') {
    const breakage = await breakRequest(outage, request, reply, wait);
    if (breakage === 'answered') return reply;
  }
  const answer = refusal(options, request, body) ?? respond(request, body);
  if (outage?.effect === 'applied') {
    const breakage = await breakRequest(outage, request, reply, wait);
    if (breakage === 'answered') return reply;
  }
  return reply.code(answer.status).send(answer.body);
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id;
}

function fieldOf(body: Buffer, name: string): string | undefined {
  const value = (parseJson(body) as Record<string, unknown> | null | undefined)?.[name];
  return typeof value === 'string' ? value : undefined;
}

function refusal(
  { paypay, credentials }: PayPayRouteOptions,
  request: FastifyRequest,
  body: Buffer,
): Answer | undefined {
  const [path = ''] = request.url.split('?');
  const verdict = verifyAuthorization(
    {
      header: request.headers.authorization,
      method: request.method,
      path,
      contentType: request.headers['content-type'],
      body,
    },
    credentials,
    paypay.now,
  );
  if (verdict.kind === 'refused') {
    request.log.info({ why: verdict.why, path }, 'refused an unauthorized request');
    return answerOf('UNAUTHORIZED');
  }
  const { assumeMerchant } = request.query as { assumeMerchant?: string };
  const merchantId = assumeMerchant ?? request.headers['x-assume-merchant'];
  return merchantId === paypay.merchantId ? undefined : answerOf('OP_OUT_OF_SCOPE');
}

function withBody<T extends TSchema>(
  schema: T,
  body: Buffer,
  respond: (request: Static<T>) => Answer,
): Answer {
  const request = parseJson(body);
  if (Value.Check(schema, request)) return respond(request);
  const [wrong] = Value.Errors(schema, request);
  const answer = answerOf('INVALID_REQUEST_PARAMS');
  const field = wrong?.path.slice(1).replaceAll('/', '.') ?? '';
  const { resultInfo } = answer.body;
  const message = `${resultInfo.message}${field === '' ? '' : `: ${field}`}`;
  return { ...answer, body: { ...answer.body, resultInfo: { ...resultInfo, message } } };
}

/** Undefined, which no schema takes, when it is not JSON. */
function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
