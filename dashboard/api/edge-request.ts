/** One request to the edge. Never throws: a failure is an answer too. */
import type { ErrorReply } from '../../edge/contract/api-types';
import type { Answer } from './answer';

/** Longer than the edge's own patience with Kafka and Postgres, so that its 503 is seen. */
const ANSWER_WITHIN_MS = 10_000;

export interface EdgeRequest {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `T` is the contract's type of the route's success; a 204 is undefined. */
export async function ask<T>({ method, path, body, headers }: EdgeRequest): Promise<Answer<T>> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, {
      method: method ?? 'GET',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    text = await response.text();
  } catch {
    return { kind: 'unreachable', message: 'The server does not answer.' };
  }
  const content = parse(text);
  if (response.ok && content.kind !== 'garbage') {
    return { kind: 'ok', value: (content.kind === 'json' ? content.value : undefined) as T };
  }
  const refusal = content.kind === 'json' ? errorOf(content.value) : undefined;
  if (refusal !== undefined) return { kind: 'refused', status: response.status, ...refusal };
  // A proxy on the way speaks for itself, not for the edge.
  return { kind: 'unreachable', message: `The server answered ${String(response.status)}.` };
}

type Content =
  | { readonly kind: 'empty' }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'garbage' };

function parse(text: string): Content {
  if (text === '') return { kind: 'empty' };
  try {
    return { kind: 'json', value: JSON.parse(text) };
  } catch {
    return { kind: 'garbage' };
  }
}

function errorOf(value: unknown): ErrorReply['error'] | undefined {
  const { error } = (value ?? {}) as Partial<ErrorReply>;
  return typeof error?.code === 'string' ? error : undefined;
}
