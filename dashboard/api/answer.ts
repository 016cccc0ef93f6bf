/** What came of a request to the edge. */
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
