/** What came of a request to the edge. */
import type { ApiReply } from '../../edge/contract/api-client';
import type { ErrorReply } from '../../edge/contract/api-types';

export type Answer<T> = { readonly kind: 'ok'; readonly value: T } | Failure;

export type Failure =
  /** The edge said no, in the words of its error table. */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly code: string;
      readonly message: string;
      readonly field?: string;
    }
  /** Nobody knows whether the request arrived. */
  | { readonly kind: 'unreachable'; readonly message: string };

/** Whether the same request may succeed later without anybody mending anything. */
export function mayPass(failure: Failure): boolean {
  return failure.kind === 'unreachable' || failure.status >= 500;
}

/** Never rejects: a failure is an answer too. */
export async function answerOf<T>(request: Promise<ApiReply<T>>): Promise<Answer<T>> {
  let reply: ApiReply<T>;
  try {
    reply = await request;
  } catch (error) {
    // What is no JSON was written by a proxy on the way.
    const isGarbage = error instanceof SyntaxError;
    const did = isGarbage ? 'answers with something else' : 'does not answer';
    return { kind: 'unreachable', message: `The server ${did}.` };
  }
  const { data, error, response } = reply;
  if (response.ok) return { kind: 'ok', value: data as T };
  const { code, detail, field } = problemOf(error);
  if (code === undefined || detail === undefined) {
    // A proxy on the way speaks for itself, not for the edge.
    return { kind: 'unreachable', message: `The server answered ${String(response.status)}.` };
  }
  const where = field === undefined ? {} : { field };
  return { kind: 'refused', status: response.status, code, message: detail, ...where };
}

function problemOf(error: unknown): Partial<ErrorReply> {
  return typeof error === 'object' && error !== null ? error : {};
}
