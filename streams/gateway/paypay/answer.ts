import { Type, type Static, type TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { Rejected, Unavailable } from './client';

/**
 * PayPay's answers as we accept them: the envelope, and the part of each body that we use.
 * Anything else is `garbage`; no answer, however odd, gets past here unchecked.
 */

const Money = Type.Object({
  amount: Type.Integer({ minimum: 0 }),
  currency: Type.String({ minLength: 1 }),
});

const Envelope = Type.Object({
  resultInfo: Type.Object({
    code: Type.String({ minLength: 1 }),
    message: Type.Optional(Type.String()),
    codeId: Type.Optional(Type.String()),
  }),
  data: Type.Optional(Type.Unknown()),
});

export const CodeData = Type.Object({
  codeId: Type.String({ minLength: 1 }),
  url: Type.String({ minLength: 1 }),
  deeplink: Type.String(),
  /** Seconds since the epoch. */
  expiryDate: Type.Integer({ minimum: 1 }),
});

export const RefundData = Type.Object({
  /** CREATED, REFUNDED, FAILED, or a word that PayPay has added since. */
  status: Type.String({ minLength: 1, maxLength: 64 }),
  merchantRefundId: Type.String(),
  amount: Money,
});

export const ChargedData = Type.Object({
  status: Type.Union([
    Type.Literal('AUTHORIZED'),
    Type.Literal('REAUTHORIZING'),
    Type.Literal('COMPLETED'),
    Type.Literal('REFUNDED'),
  ]),
  paymentId: Type.String({ minLength: 1 }),
  amount: Money,
  /** Seconds since the epoch. */
  acceptedAt: Type.Integer({ minimum: 1 }),
  refunds: Type.Optional(
    Type.Union([Type.Null(), Type.Object({ data: Type.Array(RefundData, { maxItems: 100 }) })]),
  ),
});

export const UnchargedData = Type.Object({
  status: Type.Union([
    Type.Literal('CREATED'),
    Type.Literal('FAILED'),
    Type.Literal('CANCELED'),
    Type.Literal('EXPIRED'),
  ]),
  paymentId: Type.Optional(Type.Union([Type.Null(), Type.String()])),
});

export const PaymentData = Type.Union([ChargedData, UnchargedData]);
export const NoData = Type.Unknown();

export type Answer<Data> =
  { readonly kind: 'success'; readonly data: Data } | Rejected | Unavailable;

/** The transport's word: an answer, or its TransportFailure (which alone carries REASON). */
const Exchange = Type.Union([
  Type.Object({
    ERROR: Type.String(),
    REASON: Type.Union([
      Type.Literal('timeout'),
      Type.Literal('unreachable'),
      Type.Literal('garbage'),
    ]),
  }),
  Type.Object({ STATUS: Type.Integer(), BODY: Type.Unknown() }),
]);

/**
 * Codes that PayPay sends with a 5xx although they are final: nothing was changed, and a new
 * request is the advice of its guide. Every other 5xx leaves the outcome open.
 */
const FINAL_ERRORS = new Set(['TRANSACTION_FAILED']);

export function readAnswer<T extends TSchema>(schema: T, result: unknown): Answer<Static<T>> {
  if (!Value.Check(Exchange, result)) return unavailable('garbage', 'not an HTTP exchange');
  if ('REASON' in result) return unavailable(result.REASON, result.ERROR);
  const { STATUS: status, BODY: body } = result;
  if (!Value.Check(Envelope, body)) {
    if (status >= 500) return unavailable('server-error', `HTTP ${status} without a result code`);
    if (status === 429) return unavailable('rate-limited', 'HTTP 429 without a result code');
    return unavailable('garbage', `HTTP ${status} without a result code`);
  }
  const { code, message = '' } = body.resultInfo;
  if (status >= 200 && status < 300) {
    if (Value.Check(schema, body.data)) return { kind: 'success', data: body.data };
    return { ...unavailable('garbage', `HTTP ${status} with data of an unknown shape`), code };
  }
  if (FINAL_ERRORS.has(code)) return { kind: 'rejected', code, message };
  if (status >= 500) return { ...unavailable('server-error', message), code };
  if (status === 429) return { ...unavailable('rate-limited', message), code };
  if (status === 401) return { ...unavailable('unauthorized', message), code };
  if (status >= 400) return { kind: 'rejected', code, message };
  return { ...unavailable('garbage', `HTTP ${status} is not a response of PayPay`), code };
}

function unavailable(reason: Unavailable['reason'], message: string): Unavailable {
  return { kind: 'unavailable', reason, message };
}
