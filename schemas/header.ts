import { header, type Cause, type Header } from '../platform/avro/header';

export { header, type Cause, type Header };

/** The header of an event of an order, whose id is the correlation. */
export function orderHeader(
  cause: Cause,
  role: string,
  orderId: string,
): Header & { readonly orderId: string } {
  return { ...header(cause, role, orderId), orderId };
}
