import { Type, type Static } from '@sinclair/typebox';

/** The request bodies of PayPay's API, as far as they are looked at; more fields are let pass. */
const Money = Type.Object({
  amount: Type.Integer({ minimum: 1, maximum: 99_999_999_999 }),
  currency: Type.Literal('JPY'),
});

export const CreateCodeRequest = Type.Object({
  merchantPaymentId: Type.String({ minLength: 1, maxLength: 64 }),
  amount: Money,
  codeType: Type.Literal('ORDER_QR'),
  requestedAt: Type.Integer({ minimum: 1 }),
  orderDescription: Type.Optional(Type.String({ maxLength: 255 })),
  isAuthorization: Type.Optional(Type.Boolean()),
  redirectUrl: Type.Optional(Type.String({ maxLength: 2_048, pattern: '^https?://' })),
  redirectType: Type.Optional(
    Type.Union([Type.Literal('WEB_LINK'), Type.Literal('APP_DEEP_LINK')]),
  ),
});

export const RefundRequest = Type.Object({
  merchantRefundId: Type.String({ minLength: 1, maxLength: 64 }),
  paymentId: Type.String({ minLength: 1, maxLength: 64 }),
  amount: Money,
  requestedAt: Type.Integer({ minimum: 1 }),
  reason: Type.Optional(Type.String({ maxLength: 255 })),
});

export const RevertAuthorizationRequest = Type.Object({
  merchantRevertId: Type.String({ minLength: 1, maxLength: 64 }),
  paymentId: Type.String({ minLength: 1, maxLength: 64 }),
  requestedAt: Type.Integer({ minimum: 1 }),
  reason: Type.Optional(Type.String({ maxLength: 255 })),
});

export type CreateCodeRequest = Static<typeof CreateCodeRequest>;
export type RefundRequest = Static<typeof RefundRequest>;
export type RevertAuthorizationRequest = Static<typeof RevertAuthorizationRequest>;
