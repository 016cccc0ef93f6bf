/**
 * The result codes of PayPay's API, as its documentation and SDK list them: HTTP status, code,
 * code id and message. The keys are ours, since PayPay gives one code to several refusals.
 */
export const RESULT_CODES = {
  SUCCESS: [200, 'SUCCESS', '08100001', 'Success'],
  REQUEST_ACCEPTED: [202, 'REQUEST_ACCEPTED', '08100001', 'Request accepted'],
  INVALID_REQUEST_PARAMS: [400, 'INVALID_REQUEST_PARAMS', '08100006', 'Invalid request params'],
  UNAUTHORIZED: [401, 'UNAUTHORIZED', '08100016', 'Unauthorized request'],
  OP_OUT_OF_SCOPE: [401, 'OP_OUT_OF_SCOPE', '08100023', 'The operation is not permitted'],
  RATE_LIMIT: [429, 'RATE_LIMIT', '08100998', 'Too many requests'],
  INTERNAL_SERVER_ERROR: [
    500,
    'INTERNAL_SERVER_ERROR',
    '08101000',
    'Something went wrong on PayPay service side',
  ],
  MAINTENANCE_MODE: [
    503,
    'MAINTENANCE_MODE',
    '08100999',
    'Sorry, we are down for scheduled maintenance',
  ],
  DUPLICATE_DYNAMIC_QR_REQUEST: [
    400,
    'DUPLICATE_DYNAMIC_QR_REQUEST',
    '01652073',
    'Duplicate Dynamic QR request error',
  ],
  DYNAMIC_QR_PAYMENT_NOT_FOUND: [
    400,
    'DYNAMIC_QR_PAYMENT_NOT_FOUND',
    '01652075',
    'Dynamic QR payment not found',
  ],
  DYNAMIC_QR_ALREADY_PAID: [400, 'DYNAMIC_QR_ALREADY_PAID', '01652074', 'Dynamic QR already paid'],
  DYNAMIC_QR_NOT_FOUND: [404, 'DYNAMIC_QR_NOT_FOUND', '01652072', 'Dynamic qr code not found'],
  ORDER_NOT_REVERSIBLE: [400, 'ORDER_NOT_REVERSIBLE', '00200044', 'Order cannot be reversed'],
  ORDER_NOT_REFUNDABLE: [400, 'UNACCEPTABLE_OP', '00200013', 'Order cannot be refunded'],
  MULTIPLE_REFUND: [400, 'UNACCEPTABLE_OP', '00200014', 'Multiple refund not allowed'],
  INVALID_REFUND_AMOUNT: [400, 'INVALID_PARAMS', '00200015', 'Invalid refund amount'],
  RESOURCE_NOT_FOUND: [404, 'RESOURCE_NOT_FOUND', '00200001', 'Order not found'],
  NO_SUCH_REFUND_ORDER: [404, 'NO_SUCH_REFUND_ORDER', '00200018', 'Refund not found'],
} as const satisfies Record<string, readonly [number, string, string, string]>;

export type ResultCode = keyof typeof RESULT_CODES;

/** PayPay's envelope around every answer. */
export interface Envelope {
  readonly resultInfo: { readonly code: string; readonly message: string; readonly codeId: string };
  readonly data?: unknown;
}

export interface Answer {
  readonly status: number;
  readonly body: Envelope;
}

export function answerOf(result: ResultCode, data: unknown = null): Answer {
  const [status, code, codeId, message] = RESULT_CODES[result];
  return { status, body: { resultInfo: { code, message, codeId }, data } };
}
