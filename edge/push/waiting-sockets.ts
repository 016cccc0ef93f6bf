/**
 * Connections that have not said whose they are. Each holds memory and a file of the process, and
 * anybody may open one, so that their number is limited, in all and by address; what says nothing for
 * `socketAdmitMs` is closed. Closed without a word: engine.io would otherwise keep a polling connection
 * that nobody polls for another half minute, to tell it.
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
  close(discard: boolean): unknown;
  once(event: 'close', listener: () => void): unknown;
}

export class WaitingSockets {
  private readonly waiting = new Map<object, { readonly address: string; end(): void }>();

  constructor(private readonly proxyDepth: number) {}

  add(connection: Connection): void {
    const closing = setTimeout(() => connection.close(true), limits.socketAdmitMs);
    this.waiting.set(connection, {
      address: addressOf(connection.request, this.proxyDepth),
      end: () => clearTimeout(closing),
    });
    connection.once('close', () => this.admit(connection));
  }

  /** It has said whose it is, or is gone: it counts no longer. */
  admit(connection: object): void {
    this.waiting.get(connection)?.end();
    this.waiting.delete(connection);
  }

  /** A request of a connection that is there already has its id, and always room. */
  hasRoomFor(request: IncomingMessage): boolean {
    if (new URL(request.url ?? '/', 'http://edge').searchParams.has('sid')) return true;
    const address = addressOf(request, this.proxyDepth);
    const ofAddress = [...this.waiting.values()].filter(
      (known) => known.address === address,
    ).length;
    return (
      this.waiting.size < limits.socketsWaitingMax && ofAddress < limits.socketsWaitingPerAddressMax
    );
  }
}
