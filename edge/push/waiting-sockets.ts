/**
 * Connections that have not said whose they are. Each holds memory and a file of the process, and
 * anybody may open one, so that their number is limited, in all and by address; socket.io closes
 * what says nothing for `socketAdmitMs`.
 *
 *   handshake ──> waiting ──> admitted, no longer counted
 *                    └──> closed
 */
import type { IncomingMessage } from 'node:http';
import { limits } from '../limits';
import { addressOf } from '../request-address';

/** What engine.io knows as a socket, below socket.io's. */
export interface Connection {
  readonly request: IncomingMessage;
  once(event: 'close', listener: () => void): unknown;
}

export class WaitingSockets {
  private readonly waiting = new Map<object, string>();

  constructor(private readonly proxyDepth: number) {}

  add(connection: Connection): void {
    this.waiting.set(connection, addressOf(connection.request, this.proxyDepth));
    connection.once('close', () => this.waiting.delete(connection));
  }

  /** It has said whose it is. */
  admit(connection: object): void {
    this.waiting.delete(connection);
  }

  /** A request of a connection that is there already has its id, and always room. */
  hasRoomFor(request: IncomingMessage): boolean {
    if (new URL(request.url ?? '/', 'http://edge').searchParams.has('sid')) return true;
    const address = addressOf(request, this.proxyDepth);
    const ofAddress = [...this.waiting.values()].filter((known) => known === address).length;
    return (
      this.waiting.size < limits.socketsWaitingMax && ofAddress < limits.socketsWaitingPerAddressMax
    );
  }
}
