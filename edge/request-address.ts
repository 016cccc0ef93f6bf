/** Who sends a request that Fastify has not seen, such as the handshake of a socket. */
import type { IncomingMessage } from 'node:http';

/**
 * The address that the outermost known proxy saw; the same that Fastify gives as `request.ip`. A
 * sender's own X-Forwarded-For lies beyond it and is not believed.
 */
export function addressOf(request: IncomingMessage, proxyDepth: number): string {
  const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  const hops = forwarded.map((hop) => hop.trim()).filter((hop) => hop !== '');
  const addresses = [request.socket.remoteAddress ?? '', ...hops.reverse()];
  return addresses[Math.min(proxyDepth, addresses.length - 1)] ?? '';
}
