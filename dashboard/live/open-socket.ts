/** The socket to the edge that served the page. The session cookie goes along by itself. */
import { io } from 'socket.io-client';
import type { LiveSocket } from './live-connection';

/** A handshake that takes longer is begun anew. */
const CONNECT_WITHIN_MS = 5_000;

export function openSocket(): LiveSocket {
  return io({
    path: '/socket.io',
    autoConnect: false,
    reconnection: false,
    timeout: CONNECT_WITHIN_MS,
    // Long polling is for networks that let no WebSocket through.
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
  });
}
