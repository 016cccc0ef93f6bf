/**
 * Owns which port a service gets: its usual one when that is free, else the first free one of a
 * fixed series. A port is claimed before it is probed, so that two stacks that start in the same
 * second, each before its services listen, do not choose the same.
 */
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { claimFile } from '../stack/owned-file';
import { StackError } from '../stack/stack-error';

export interface ChosenPort {
  readonly port: number;
  readonly release: () => void;
}

export type PortAttempt =
  { readonly kind: 'free'; readonly release: () => void } | { readonly kind: 'taken' };

/** As many stacks side by side as one machine can bear, with room for other programs. */
const CANDIDATES_MAX = 50;
/**
 * From usual + 10,000 in steps of ten: the usual ports differ in their last digit, so the series
 * do not meet, and it stays below 32,768, where Linux picks ports for outgoing connections.
 */
const FIRST_ALTERNATIVE = 10_000;
const STEP = 10;

export function portCandidates(usual: number): readonly number[] {
  const alternatives = Array.from(
    { length: CANDIDATES_MAX - 1 },
    (_, index) => usual + FIRST_ALTERNATIVE + index * STEP,
  );
  return [usual, ...alternatives];
}

/** `attempt` is the IO; production passes nothing. */
export async function choosePort(
  usual: number,
  attempt: (port: number) => Promise<PortAttempt> = claimFreePort,
): Promise<ChosenPort> {
  const candidates = portCandidates(usual);
  for (const port of candidates) {
    const outcome = await attempt(port);
    if (outcome.kind === 'free') return { port, release: outcome.release };
  }
  throw new StackError(
    'PORTS_TAKEN',
    `Ports ${candidates.join(', ')} are all taken. Stop what uses one of them and start again.`,
  );
}

async function claimFreePort(port: number): Promise<PortAttempt> {
  const claim = claimFile(path.join(claimsFolder(), String(port)), `port ${port}`);
  if (claim.kind === 'taken') return { kind: 'taken' };
  if ((await refusesConnections(port)) && (await canListen(port))) {
    return { kind: 'free', release: claim.release };
  }
  claim.release();
  return { kind: 'taken' };
}

/** Outside of any clone, since it is other clones that a claim is held against. */
function claimsFolder(): string {
  return path.join(tmpdir(), `paypay-order-streams-${userInfo().uid}`, 'ports');
}

/** macOS lets one bind 127.0.0.1 beside a listener on all addresses, so listening is no proof. */
function refusesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => resolve(true));
  });
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
