/**
 * Owns the connections of one user, one to each broker it talks to, opened when first needed. What
 * always holds: two requests for the same broker go over the same socket, in order; after `close`
 * every socket is gone, also one that was just being opened.
 */
import type { BrokerConnection } from './connection';
import { ConnectionLost } from './protocol/error-codes';

export interface Connector {
  connectTo(nodeId: number): Promise<BrokerConnection>;
}

export class NodeConnections {
  private readonly open = new Map<number, Promise<BrokerConnection>>();
  private closed = false;

  constructor(private readonly connector: Connector) {}

  async to(nodeId: number): Promise<BrokerConnection> {
    const known = this.open.get(nodeId);
    if (known !== undefined) {
      const connection = await known.catch(() => undefined);
      if (connection?.usable === true) return connection;
      if (this.open.get(nodeId) === known) this.open.delete(nodeId);
    }
    const opening = this.open.get(nodeId) ?? this.connect(nodeId);
    this.open.set(nodeId, opening);
    return opening;
  }

  /** Closes the connection to one broker; the next request opens another. */
  drop(nodeId: number): void {
    const opening = this.open.get(nodeId);
    this.open.delete(nodeId);
    void opening?.then(
      (connection) => connection.close(),
      () => undefined,
    );
  }

  close(): void {
    this.closed = true;
    for (const nodeId of [...this.open.keys()]) this.drop(nodeId);
  }

  private async connect(nodeId: number): Promise<BrokerConnection> {
    if (this.closed) throw new ConnectionLost('Closed by this client');
    return this.connector.connectTo(nodeId);
  }
}
