/**
 * Who may read what is for those who run the edge: metrics, the description of the API, and which
 * service is down. Monitors do, by their address (EDGE_MONITORS), and operators by their session.
 */
import { isIPv6, type BlockList } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { EdgeError } from '../errors';
import { networksOf } from '../networks';
import type { Admission } from '../sessions/admission';
import { plainAddress } from '../webhooks/notification';
import { sessionTokenOf } from './session-gate';

/** Headers of a proxy. Where none is expected, an address behind them is not the sender's. */
const FORWARDING = ['forwarded', 'x-forwarded-for'];

export interface MonitorPolicy {
  /** IP addresses, or networks such as 10.0.0.0/8. */
  readonly monitors: readonly string[];
  readonly proxyDepth: number;
}

export class MonitorGate {
  private readonly addresses: BlockList;

  constructor(
    private readonly policy: MonitorPolicy,
    private readonly admission: Admission,
  ) {
    this.addresses = networksOf(policy.monitors);
  }

  /** A hook for a route. */
  readonly refuseOthers = async (request: FastifyRequest): Promise<void> => {
    if (!(await this.mayRead(request))) throw new EdgeError('MONITORS_ONLY');
  };

  async mayRead(request: FastifyRequest): Promise<boolean> {
    return this.isMonitor(request) || (await this.isOperator(request));
  }

  private isMonitor({ ip, headers }: FastifyRequest): boolean {
    const { proxyDepth } = this.policy;
    // Behind a proxy that nobody told the edge of, all the world has the proxy's address.
    if (proxyDepth === 0 && FORWARDING.some((name) => name in headers)) return false;
    const address = plainAddress(ip);
    return this.addresses.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  }

  /** Without Redis nobody can be told to be one; health must answer all the same. */
  private async isOperator(request: FastifyRequest): Promise<boolean> {
    const token = sessionTokenOf(request, this.policy.proxyDepth);
    if (token === undefined) return false;
    try {
      const session = await this.admission.find(token);
      return session?.roles.includes('ops') === true;
    } catch (error) {
      if (error instanceof EdgeError) return false;
      throw error;
    }
  }
}
