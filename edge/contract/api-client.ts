/**
 * A client of the API for pages, scenarios and tests. Its types are made from the API's own
 * description (`npm run generate`): a request that does not fit its route does not compile.
 */
import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './generated/api';

export type ApiClient = Client<paths>;

/** What the client resolves to, whichever the route. Rejects when nothing or no JSON came back. */
export interface ApiReply<T> {
  /** Of a success that has a body. */
  readonly data?: T;
  /** Of anything else: problem details, or the text of a proxy on the way. */
  readonly error?: unknown;
  readonly response: Response;
}

export interface ApiClientOptions {
  /** Such as http://127.0.0.1:3000; empty: the origin of the page. */
  readonly url: string;
  /** An answer that takes longer rejects with a TimeoutError; milliseconds. */
  readonly answerWithinMs: number;
  /** Of every request. */
  readonly headers?: Readonly<Record<string, string>>;
}

export function apiClient({ url, answerWithinMs, headers = {} }: ApiClientOptions): ApiClient {
  return createClient<paths>({
    baseUrl: url,
    headers,
    querySerializer: queryText,
    fetch: (request) => fetch(request, { signal: AbortSignal.timeout(answerWithinMs) }),
  });
}

/** The header of a command: a repeat with the same key is the same command. */
export function keyed(idempotencyKey: string) {
  return { 'idempotency-key': idempotencyKey };
}

/** Without what is empty, as an unused filter of a page is. */
function queryText(query: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' && value !== '' ? [[name, value]] : [],
  );
  return new URLSearchParams(pairs).toString();
}
