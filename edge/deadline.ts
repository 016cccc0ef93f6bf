import { EdgeError } from './errors';

/** The other outcome of a wait: the time was over first. */
export const TIMED_OUT = Symbol('timed out');

/** `work`, or TIMED_OUT after `ms`. What comes of `work` afterwards concerns nobody any more. */
export async function within<T>(work: Promise<T>, ms: number): Promise<T | typeof TIMED_OUT> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof TIMED_OUT>((resolve) => {
    timer = setTimeout(() => resolve(TIMED_OUT), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a reading may still wait, in ms, asked anew each time; throws `code` once `ms` are over. */
export function timeLeft(ms: number, code: 'LOG_UNAVAILABLE' | 'VIEWS_BEHIND'): () => number {
  const deadline = Date.now() + ms;
  return () => {
    const left = deadline - Date.now();
    if (left <= 0) throw new EdgeError(code);
    return left;
  };
}
