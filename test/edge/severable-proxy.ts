/** A TCP proxy whose network can be cut and mended, so that a real service goes away and comes back. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';

export interface SeverableProxy {
  /** `host:port` of the proxy. */
  readonly address: string;
  /** Ends every connection and refuses new ones. */
  sever(): void;
  mend(): void;
  close(): Promise<void>;
}

/** In front of `host:port`. */
export async function openProxy(target: string): Promise<SeverableProxy> {
  const { hostname, port } = new URL(`tcp://${target}`);
  const sockets = new Set<Socket>();
  let severed = false;
  const server = createServer((near) => {
    if (severed) {
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sever = () => {
    severed = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    address: `127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    sever,
    mend: () => {
      severed = false;
    },
    close: async () => {
      sever();
      server.close();
      await once(server, 'close');
    },
  };
}
