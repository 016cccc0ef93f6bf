/**
 * Who is let in: whoever has a session in Redis that is not over, and an account that Firebase still
 * stands behind. A session whose account does not is removed, so that it ends on every edge.
 *
 * While Firebase cannot be asked (docs/decisions/0017): shoppers stay until their session is over,
 * operators for the grace of `Standings`, then `IDENTITY_UNAVAILABLE` until Firebase is back.
 */
import { EdgeError } from '../errors';
import type { Session, SessionStore, Use } from './session-store';
import type { Standings } from './standing';

export class Admission {
  constructor(
    private readonly sessions: SessionStore,
    private readonly standings: Standings,
  ) {}

  /** How often who is in already, by a socket, is to be looked at again. */
  get checkMs(): number {
    return this.standings.checkMs;
  }

  /** Before a session is made. Throws `INVALID_TOKEN`: the account is not what the token says. */
  async admit(who: Omit<Session, 'expiresAt'>): Promise<void> {
    const standing = await this.standings.afresh(who);
    if (standing === 'lost') throw new EdgeError('INVALID_TOKEN', { field: 'idToken' });
    if (standing === 'unknown') refuseOperator(who);
  }

  /**
   * Asks Redis even without a token: its absence must show as 503, never as 401. `use`: a socket that
   * is only held open does not keep a session from being idle.
   */
  async find(token: string | undefined, use: Use = 'used'): Promise<Session | null> {
    if (token === undefined) {
      await this.sessions.check();
      return null;
    }
    const session = await this.sessions.find(token, use);
    if (session === undefined || session.expiresAt <= Date.now()) return null;
    const standing = await this.standings.of(session);
    if (standing === 'unknown') refuseOperator(session);
    if (standing !== 'lost') return session;
    await this.sessions.remove(token);
    return null;
  }
}

/** What a shopper can do is bounded by the own spending limit; what an operator can do is not. */
function refuseOperator({ roles }: Pick<Session, 'roles'>): void {
  if (roles.includes('ops')) throw new EdgeError('IDENTITY_UNAVAILABLE');
}
