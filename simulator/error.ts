/** The errors of the control API: the one table of their codes and HTTP statuses. */
const STATUS = {
  /** A field is missing, unknown or wrong; `field` names it. */
  INVALID_REQUEST: 400,
  NOT_FOUND: 404,
  UNKNOWN_PAYMENT: 404,
  UNKNOWN_ORDER: 404,
  UNKNOWN_CODE: 404,
  UNKNOWN_WEBHOOK: 404,
  /** The payment's status does not allow it. */
  ILLEGAL_MOVE: 409,
  TOO_LARGE: 413,
  NOT_JSON: 415,
  TOO_MANY_SUBSCRIBERS: 503,
  INTERNAL: 500,
} as const satisfies Record<string, number>;

export type SimulatorErrorCode = keyof typeof STATUS;

export class SimulatorError extends Error {
  override readonly name = 'SimulatorError';
  readonly status: number;

  constructor(
    readonly code: SimulatorErrorCode,
    message: string,
    readonly field?: string,
  ) {
    super(message);
    this.status = STATUS[code];
  }

  get body(): { code: SimulatorErrorCode; message: string; field?: string } {
    const { code, message, field } = this;
    return field === undefined ? { code, message } : { code, message, field };
  }
}
