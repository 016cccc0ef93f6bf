/**
 * What an edge may answer to a request that was made up. What always must hold: no 5xx, and an answer at
 * all; whatever is refused is problem details; whoever is nobody gets nothing of the API, and another
 * shopper nothing of an order that is not theirs.
 */
import type { FuzzedRequest, KnownIds } from './requests';

export interface FuzzedAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** What is wrong with the answer, in words; undefined: nothing. The known orders are the shopper's. */
export function faultOf(
  { method, route, as, url }: FuzzedRequest,
  { status, contentType, body }: FuzzedAnswer,
  known: KnownIds,
): string | undefined {
  const what = `${method} ${url.slice(0, 200)} as ${as} was answered ${String(status)}`;
  if (status >= 500) return `${what}: ${body.slice(0, 300)}`;
  const isPrivate = route.startsWith('/api/');
  if (isPrivate && (as === 'nobody' || as === 'tampered') && status < 400) {
    return `${what} without a session`;
  }
  if (isOperators(route) && as !== 'ops' && status < 400) return `${what} without the role ops`;
  const isForeign = as !== 'ops' && as !== 'shopper' && status < 400;
  if (isForeign && known['orderId']?.some((id) => url.includes(id) || body.includes(id)) === true) {
    return `${what} with another’s order: ${body.slice(0, 300)}`;
  }
  if (status >= 400 && contentType !== 'application/problem+json') {
    return `${what} as ${contentType}`;
  }
  if (/[\^\\]\[|\{\d+,\d*\}\$/.test(body) && status === 400)
    return `${what} with a pattern: ${body}`;
  return undefined;
}

function isOperators(route: string): boolean {
  const rooms = /^\/api\/(alerts|admin|silences|incidents|topics|lag|log|webhooks|dead)/;
  return rooms.test(route) || route.endsWith('/payment/check');
}

/** Answers by status, as a line. */
export function tallyOf(answers: readonly FuzzedAnswer[]): string {
  const counts = new Map<number, number>();
  for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([status, count]) => `${String(status)}: ${String(count)}`)
    .join(', ');
}
