/**
 * Looks after the sockets from time to time: tells them when a service behind the edge went away or
 * came back, and closes those that do not read what they are sent.
 */
import type { Clock } from '../../platform/clock';
import type { PushError } from '../contract/api-types';
import { EdgeError, type ErrorCode } from '../errors';
import type { ServiceName, Services } from '../health/services';
import { limits } from '../limits';
import { pushErrorOf } from './push';
import type { PushServer } from './socket-server';

/** Without the registry nothing stops that is under way, so pages are not troubled with it. */
type PushedService = Exclude<ServiceName, 'registry'>;

const CODES: Readonly<Record<PushedService, ErrorCode>> = {
  kafka: 'LOG_UNAVAILABLE',
  redis: 'SESSIONS_UNAVAILABLE',
  postgres: 'VIEWS_UNAVAILABLE',
};
const NAMES: readonly PushedService[] = ['kafka', 'redis', 'postgres'];

export class PushWatch {
  private readonly down = new Set<PushedService>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly io: PushServer,
    private readonly services: Services,
    private readonly clock: Clock,
  ) {
    io.on('connection', (socket) => {
      for (const name of this.down) socket.emit('trouble', troubleOf(name));
    });
  }

  /** Resolves after `stop`. */
  async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.look();
      await this.clock.sleep(limits.servicePeriodMs, this.stopping.signal);
    }
  }

  stop(): void {
    this.stopping.abort();
  }

  private async look(): Promise<void> {
    const states = await this.services.states();
    const before = this.down.size;
    for (const name of NAMES) {
      if (states[name].status === 'up') this.down.delete(name);
      else if (!this.down.has(name)) {
        this.down.add(name);
        this.io.emit('trouble', troubleOf(name));
      }
    }
    if (before > 0 && this.down.size === 0) this.io.emit('recovered');
    this.closeSlowSockets();
  }

  private closeSlowSockets(): void {
    for (const socket of this.io.sockets.sockets.values()) {
      // It begins again with a snapshot, which is shorter than what it has not read.
      if (unsentPackets(socket.conn) > limits.socketPacketsMax) socket.disconnect(true);
    }
  }
}

/** engine.io's types hide its own buffer of packets that the transport did not take yet. */
function unsentPackets(connection: unknown): number {
  return (connection as { readonly writeBuffer: readonly unknown[] }).writeBuffer.length;
}

function troubleOf(name: PushedService): PushError {
  return pushErrorOf(new EdgeError(CODES[name]));
}
