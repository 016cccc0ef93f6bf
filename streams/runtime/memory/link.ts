/**
 * The way between one process and the cluster in memory. The simulation puts delays, losses and
 * deaths on it; elsewhere it is direct.
 */
export type RequestName =
  | 'metadata'
  | 'init-producer'
  | 'write'
  | 'add-offsets'
  | 'commit'
  | 'abort'
  | 'fetch-offsets'
  | 'list-offsets'
  | 'list-transactions'
  | 'describe-group'
  | 'fetch'
  | 'join'
  | 'heartbeat'
  | 'leave';

/** No answer came. Whether the cluster did what it was asked is not known. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

export interface Link {
  /** Has the cluster do `serve` and brings what it gives or throws. Rejects with NoAnswer. */
  ask<T>(request: RequestName, serve: () => T): Promise<T>;
  /** Brings word of the cluster to the process, such as that there is more to read. */
  tell(heard: () => void): void;
}

export const directLink: Link = {
  ask: (_request, serve) =>
    new Promise((resolve) => {
      resolve(serve());
    }),
  tell: (heard) => heard(),
};
