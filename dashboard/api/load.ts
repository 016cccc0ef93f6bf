/**
 * Something that is read from the edge and shown. What always holds: a failure never looks like an
 * empty answer, what was read before stays on the screen beside it, and what may pass is asked
 * again without anybody's doing.
 */
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';
import { Backoff } from '../backoff';
import { mayPass, type Answer, type Failure } from './answer';

export type LoadState<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'loaded'; readonly value: T }
  | { readonly kind: 'outdated'; readonly value: T; readonly failure: Failure }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface Load<T> {
  readonly state: Readonly<ShallowRef<LoadState<T>>>;
  /** Asks now; resolves when the answer is on the screen. */
  readonly reload: () => Promise<void>;
}

/** Asks at once, until the calling component is gone. */
export function useLoad<T>(request: () => Promise<Answer<T>>): Load<T> {
  const state = shallowRef<LoadState<T>>({ kind: 'loading' });
  const backoff = new Backoff();
  let latest = 0;
  let again: ReturnType<typeof setTimeout> | undefined;

  async function reload(): Promise<void> {
    clearTimeout(again);
    const turn = (latest += 1);
    const answer = await request();
    // An answer that was overtaken, or whose component is gone, is not shown.
    if (turn !== latest) return;
    state.value = afterAnswer(state.value, answer);
    if (answer.kind === 'ok') backoff.succeeded();
    else if (mayPass(answer)) again = setTimeout(() => void reload(), backoff.nextMs());
  }

  onScopeDispose(() => {
    latest = -1;
    clearTimeout(again);
  });
  void reload();
  return { state, reload };
}

/** Reads it again every so often, too: for what changes without a word. */
export function usePolledLoad<T>(request: () => Promise<Answer<T>>, everyMs: number): Load<T> {
  const load = useLoad(request);
  // A failure is retried by the load itself, with a growing backoff.
  const timer = setInterval(() => {
    if (load.state.value.kind === 'loaded') void load.reload();
  }, everyMs);
  onScopeDispose(() => clearInterval(timer));
  return load;
}

/** What was read last, also while it cannot be read anew. */
export function knownValue<T>(state: LoadState<T>): T | undefined {
  return state.kind === 'loaded' || state.kind === 'outdated' ? state.value : undefined;
}

function afterAnswer<T>(before: LoadState<T>, answer: Answer<T>): LoadState<T> {
  if (answer.kind === 'ok') return { kind: 'loaded', value: answer.value };
  const known = before.kind === 'loaded' || before.kind === 'outdated';
  return known
    ? { kind: 'outdated', value: before.value, failure: answer }
    : { kind: 'failed', failure: answer };
}
