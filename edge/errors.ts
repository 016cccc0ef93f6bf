/**
 * The error table of the edge: the one place where a code meets its HTTP status and its words. A
 * status below 500 is the caller's to mend; 503 names the service that is missing and says that
 * the same request may succeed later; 500 is a bug of ours and never the answer to bad input.
 */
const TABLE = {
  INVALID_FIELD: [400, 'The field does not hold what it should.'],
  UNKNOWN_FIELD: [400, 'The field is not known here.'],
  MISSING_FIELD: [400, 'The field is missing.'],
  MALFORMED_JSON: [400, 'The body is not JSON.'],
  MALFORMED_REQUEST: [400, 'The request cannot be read.'],
  IDEMPOTENCY_KEY_MISSING: [400, 'Send a header Idempotency-Key, new for each new request.'],
  INVALID_TOKEN: [401, 'The ID token is not valid; sign in again.'],
  UNAUTHENTICATED: [401, 'Sign in first.'],
  FORBIDDEN: [403, 'This needs the role ops.'],
  NOT_OWNER: [403, 'Only the owner of the order may do this.'],
  CROSS_ORIGIN: [403, 'The request comes from a page of another origin.'],
  SOURCE_REFUSED: [403, 'The sender is not an address of PayPay.'],
  MONITORS_ONLY: [403, 'Only monitors (EDGE_MONITORS) and operators may read this.'],
  NOT_FOUND: [404, 'There is nothing here, or it is not yours.'],
  ORDER_ENDED: [409, 'The order has ended; it cannot be cancelled.'],
  PAYMENT_NOT_STARTED: [409, 'PayPay was never asked for a code; there is nothing to look at.'],
  STALE_VERSION: [409, 'It has changed since; look at it again.'],
  ALERT_RESOLVED: [409, 'The alert is resolved; open it again first.'],
  ALERT_NOT_RESOLVED: [409, 'The alert is not resolved.'],
  ACTION_UNDER_WAY: [409, 'An action is in progress; wait for its outcome.'],
  ACTION_NOT_OFFERED: [409, 'The rule of this alert does not offer the action.'],
  STOCK_NOT_AVAILABLE: [409, 'Fewer pieces are available than the correction takes off.'],
  PRODUCT_WITHDRAWN: [409, 'The product is not for sale any more already.'],
  SILENCE_OVER: [409, 'The silence is over already.'],
  REQUEST_TIMEOUT: [408, 'The request came in too slowly. Send it again, in one go.'],
  BODY_TOO_LARGE: [413, 'The body is larger than this route takes.'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'Send application/json.'],
  UNSUPPORTED_ENCODING: [415, 'Send the body as it is, without Content-Encoding.'],
  HEADERS_TOO_LARGE: [431, 'The headers are larger than is taken here.'],
  UNKNOWN_SKU: [422, 'No such product is for sale.'],
  DUPLICATE_SKU: [422, 'Name each product once; raise its quantity instead.'],
  IDEMPOTENCY_CONFLICT: [
    422,
    'The Idempotency-Key was used for another request; a new one needs a new key.',
  ],
  UNKNOWN_ROOM: [400, 'Rooms are ops and order:<orderId>.'],
  TOO_MANY_ROOMS: [429, 'Leave a room before joining another.'],
  TOO_MANY_SOCKETS: [429, 'Close a page before opening another.'],
  TOO_MANY_REQUESTS: [429, 'Too many requests; wait as long as Retry-After says.'],
  INTERNAL: [500, 'Something is wrong on our side.'],
  // Kafka may have what it did not confirm in time, so this must not say that nothing was taken.
  LOG_UNAVAILABLE: [
    503,
    'Kafka does not answer in time. What you sent may have been taken; send the same again, it counts once.',
  ],
  WEBHOOKS_TOO_MANY: [503, 'Too many webhooks that are about no order. Send it again.'],
  CATALOG_LOADING: [503, 'The catalog is still being read. Try again.'],
  SESSIONS_UNAVAILABLE: [503, 'Sessions cannot be checked right now. Try again.'],
  IDENTITY_UNAVAILABLE: [503, 'Firebase cannot be asked right now. Try again.'],
  VIEWS_UNAVAILABLE: [503, 'The read models cannot be read right now. Try again.'],
  VIEWS_BEHIND: [503, 'The read models are too far behind the log. Try again.'],
  CLOSING: [503, 'This server is stopping; nothing was taken. Send it again, another one answers.'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type ErrorCode = keyof typeof TABLE;

export const errorCodes = Object.keys(TABLE) as readonly ErrorCode[];

/** What the table says of a code, whatever happened. */
export function errorTerms(code: ErrorCode): { readonly status: number; readonly title: string } {
  const [status, title] = TABLE[code];
  return { status, title };
}

/** Thrown anywhere below a route; the error handler turns it into the reply. */
export class EdgeError extends Error {
  override readonly name = 'EdgeError';
  readonly status: number;
  readonly field: string | undefined;

  /** `detail` replaces the table's words where more can be said. */
  constructor(
    readonly code: ErrorCode,
    options: { readonly field?: string; readonly detail?: string; readonly cause?: unknown } = {},
  ) {
    super(options.detail ?? TABLE[code][1], { cause: options.cause });
    this.status = TABLE[code][0];
    this.field = options.field;
  }

  /** Whether the same request may succeed later. */
  get retry(): boolean {
    return this.status === 503;
  }
}
