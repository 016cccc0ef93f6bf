/**
 * Owns how this process is asked to stop. A Ctrl-C reaches it more than once: from the terminal,
 * and from npm and the bootstrap, which pass on what they got. The first one counts and the rest
 * are its echoes; a stop has its own limits, so nobody needs to insist.
 */

import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type StopSignal = (typeof signals)[number];

export interface StopRequest {
  readonly asked: AbortSignal;
  /** Which one it was; to be called only once it was asked. */
  readonly signal: () => StopSignal;
}

/** The exit status that a shell gives a process ended by the signal. */
export function signalStatus(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/** Aborts at the first signal; later ones do nothing. */
export function stopSignal(): StopRequest {
  const stop = new AbortController();
  for (const signal of signals) process.on(signal, () => stop.abort(signal));
  // The bootstrap was killed: there is no one left to pass a signal on.
  process.once('disconnect', () => stop.abort('SIGHUP'));
  // Waiting for that must not keep a finished process alive.
  process.channel?.unref();
  return {
    asked: stop.signal,
    signal: () => stop.signal.reason as StopSignal,
  };
}
