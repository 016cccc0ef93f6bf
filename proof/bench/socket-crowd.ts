/**
 * Many sockets in a thread of their own, which count what they are sent and read none of it: they must
 * not be what is measured. They speak socket.io's protocol on bare WebSockets.
 */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { buildFolder } from '../../platform/project-folder';

/** Everything that the thread is told at its beginning. */
export interface CrowdPlan {
  readonly url: string;
  /** A socket for each; sent as the header `cookie`. */
  readonly cookies: readonly string[];
}

export type CrowdWord =
  | { readonly kind: 'joined' }
  /** Every socket has been sent so many events, counted from its beginning. */
  | { readonly kind: 'all-have'; readonly events: number }
  | { readonly kind: 'failed'; readonly message: string };

/** The thread tells as soon as all have as many. */
export interface CrowdWish {
  readonly events: number;
}

export class SocketCrowd {
  private constructor(private readonly worker: Worker) {}

  /** Resolves once all are in the operators' room. */
  static async open(plan: CrowdPlan): Promise<SocketCrowd> {
    const script = path.join(buildFolder, 'proof', 'bench', 'socket-crowd-thread.js');
    const crowd = new SocketCrowd(new Worker(script, { workerData: plan }));
    await crowd.hear('joined');
    return crowd;
  }

  /** Resolves once each socket has been sent so many events in all. */
  async allHave(events: number): Promise<void> {
    const heard = this.hear('all-have');
    const wish: CrowdWish = { events };
    this.worker.postMessage(wish);
    await heard;
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private hear(kind: CrowdWord['kind']): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (error?: Error) => {
        this.worker.off('message', heard);
        this.worker.off('error', done);
        if (error === undefined) resolve();
        else reject(error);
      };
      const heard = (word: CrowdWord) => {
        if (word.kind === 'failed') done(new Error(word.message));
        else if (word.kind === kind) done();
      };
      this.worker.on('message', heard);
      this.worker.on('error', done);
    });
  }
}
