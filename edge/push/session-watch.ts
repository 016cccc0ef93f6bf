/**
 * Closes the sockets of sessions that have ended: signed out on another edge, or whose account is
 * out. Each edge looks at its own sockets.
 */
import type { Clock } from '../../platform/clock';
import { EdgeError } from '../errors';
import { limits } from '../limits';
import type { Admission } from '../sessions/admission';
import type { PushServer, PushSocket } from './socket-server';

export class SessionWatch {
  private readonly stopping = new AbortController();

  constructor(
    private readonly io: PushServer,
    private readonly admission: Admission,
    private readonly clock: Clock,
  ) {}

  /** Resolves after `stop`. */
  async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.clock.sleep(this.admission.checkMs, this.stopping.signal);
      await this.look();
    }
  }

  stop(): void {
    this.stopping.abort();
  }

  private async look(): Promise<void> {
    const sockets = [...this.io.sockets.sockets.values()];
    for (let first = 0; first < sockets.length; first += limits.accountChecksMax) {
      const some = sockets.slice(first, first + limits.accountChecksMax);
      await Promise.all(some.map((socket) => this.closeIfOut(socket)));
    }
  }

  private async closeIfOut(socket: PushSocket): Promise<void> {
    try {
      const session = await this.admission.find(socket.data.token, 'looked-at');
      if (session === null) socket.disconnect(true);
    } catch (error) {
      if (!(error instanceof EdgeError)) throw error;
      // Without Redis nobody can be judged, and the socket was told. An operator whom Firebase does
      // not confirm is out; the page connects again and hears why.
      if (error.code === 'IDENTITY_UNAVAILABLE') socket.disconnect(true);
    }
  }
}
