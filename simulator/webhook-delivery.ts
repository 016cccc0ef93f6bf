import type { Clock } from '../platform/clock';
import type { DeliveryResult } from './webhook-log';

/** PayPay gives up on an answer after two seconds and counts it as a failure. */
export const ANSWER_WITHIN_MS = 2_000;

/** One HTTP request of one webhook. It always ends, with what became of it. */
export async function deliver(
  url: string,
  text: string,
  clock: Clock,
  closing: AbortSignal,
): Promise<DeliveryResult> {
  const over = new AbortController();
  const answer = fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'PayPay-Webhook-Simulator' },
    body: text,
    // PayPay does not follow redirects; a 3xx is an answer, and not a good one.
    redirect: 'manual',
    signal: AbortSignal.any([over.signal, closing]),
  }).then(answered, unreachable);
  const timeout = clock
    .sleep(ANSWER_WITHIN_MS, over.signal)
    .then((): DeliveryResult => ({ kind: 'timeout' }));
  const result = await Promise.race([answer, timeout]);
  over.abort();
  return result;
}

async function answered(response: Response): Promise<DeliveryResult> {
  await response.body?.cancel();
  return { kind: 'answered', status: response.status };
}

/** With a well-formed URL and request, fetch rejects for reasons of the network alone. */
function unreachable(error: unknown): DeliveryResult {
  const { message, cause } = error as { message: string; cause?: { message?: string } };
  return { kind: 'unreachable', message: cause?.message ?? message };
}
