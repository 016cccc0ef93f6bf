/** The part of pino's logger that the runtime uses; tests give one that keeps what it is told. */
export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
