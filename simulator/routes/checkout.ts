import type { FastifyInstance } from 'fastify';
import { Type, type Static } from '@sinclair/typebox';
import { SimulatorError } from '../error';
import { hasLapsed, type Payment, type PaymentStatus } from '../payment';
import type { SimulatedPayPay } from '../simulated-paypay';

const CodeParams = Type.Object({ codeId: Type.String({ minLength: 1, maxLength: 64 }) });
type CodeParams = Static<typeof CodeParams>;

/** What a shopper sees of a payment. */
export interface CheckoutView {
  readonly amount: number;
  readonly currency: 'JPY';
  readonly description: string;
  readonly status: PaymentStatus;
  readonly payable: boolean;
  readonly expiresAt: number;
  readonly redirectUrl: string | null;
}

/** The place a code's URL leads to: PayPay's app, as far as a shop's shopper needs it. */
export function checkoutRoutes(app: FastifyInstance, paypay: SimulatedPayPay): void {
  const schema = { params: CodeParams };
  app.get<{ Params: CodeParams }>('/pay/:codeId', { schema }, (_request, reply) =>
    reply.sendFile('checkout.html'),
  );
  app.get<{ Params: CodeParams }>('/pay/:codeId/code', { schema }, ({ params }) =>
    view(paypay, paymentOf(paypay, params.codeId)),
  );
  app.post<{ Params: CodeParams }>('/pay/:codeId/pay', { schema }, ({ params }) =>
    view(paypay, paypay.move(paymentOf(paypay, params.codeId), { kind: 'pay' })),
  );
  app.post<{ Params: CodeParams }>('/pay/:codeId/cancel', { schema }, ({ params }) =>
    view(paypay, paypay.move(paymentOf(paypay, params.codeId), { kind: 'cancel' })),
  );
}

function paymentOf(paypay: SimulatedPayPay, codeId: string): Payment {
  const payment = paypay.ledger.findByCode(codeId);
  if (payment === undefined) throw new SimulatorError('UNKNOWN_CODE', `no code ${codeId}`);
  return payment;
}

function view(paypay: SimulatedPayPay, payment: Payment): CheckoutView {
  const { amount, description, status, code, expiresAt, redirectUrl = null } = payment;
  return {
    amount,
    currency: 'JPY',
    description,
    status,
    payable: status === 'CREATED' && code === 'live' && !hasLapsed(payment, paypay.now),
    expiresAt,
    redirectUrl,
  };
}
