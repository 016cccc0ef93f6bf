/** The log of the edge's process. What lets somebody in never stands in it, wherever it is logged. */
import { pino, type DestinationStream, type Logger } from 'pino';

/** Names under which secrets travel: in headers, in bodies, in sessions. */
const SECRET_NAMES = ['cookie', 'set-cookie', 'authorization', 'idToken', 'token', 'password'];

/** pino's paths name each depth; nothing of ours is logged deeper than an error's cause. */
const DEPTHS = ['', '*.', '*.*.', '*.*.*.'];

const SECRET_PATHS = DEPTHS.flatMap((depth) =>
  [...SECRET_NAMES, 'x-webhook-replay-key'].map((name) => pathOf(depth, name)),
);

export function edgeLogger(level: string, destination?: DestinationStream): Logger {
  const options = { name: 'edge', level, redact: { paths: SECRET_PATHS, censor: '[redacted]' } };
  return destination === undefined ? pino(options) : pino(options, destination);
}

function pathOf(depth: string, name: string): string {
  if (!name.includes('-')) return `${depth}${name}`;
  return `${depth.replace(/\.$/, '')}["${name}"]`;
}
