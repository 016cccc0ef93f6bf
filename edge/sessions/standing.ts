/**
 * Whether Firebase still stands behind a session: an account that is disabled, deleted, revoked, or
 * that has lost a role of the session does not. Firebase tells nobody, so it is asked again and again,
 * often enough that whoever is out is out within `revocationMs`, everywhere:
 *
 *   revocation 60 s   0 s   Firebase is asked; the account is good
 *                     1 s   the account is disabled
 *                    20 s   a request still finds the answer of 0 s, which is a third of 60 s old
 *                    21 s   a request asks Firebase again, and is refused
 *                    40 s   sockets are looked at at the latest (edge/push/session-watch.ts)
 *   (test: "an answer counts for a third of the time in which a revocation must hold")
 *
 * While Firebase cannot be asked, its last answer counts for `accountGraceMs`; after it the standing
 * is unknown, and what that means is the caller's to say.
 */
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../platform/clock';
import { TIMED_OUT, within } from '../deadline';
import { EdgeError } from '../errors';
import { limits } from '../limits';
import type { Account, IdentityProvider } from './identity';
import type { Session } from './session-store';

export type Standing = 'good' | 'lost' | 'unknown';

/** What of a session Firebase can stand behind. */
export type Standee = Pick<Session, 'userId' | 'roles' | 'authenticatedAt'>;

/** What Firebase said; `account` undefined: there is no such user. */
interface Answer {
  readonly account: Account | undefined;
  /** When it was asked, milliseconds since the epoch. */
  readonly at: number;
}

export interface StandingsOptions {
  /** Within how long a revocation holds, milliseconds. */
  readonly revocationMs: number;
  readonly clock: Clock;
  /** Told each time that Firebase could not be asked. */
  readonly onFailure: (error: unknown) => void;
}

export function standingOf(
  { roles, authenticatedAt }: Standee,
  account: Account | undefined,
): 'good' | 'lost' {
  if (account === undefined || account.disabled) return 'lost';
  const isRevoked = authenticatedAt < account.tokensValidFrom;
  const hasRoles = roles.every((role) => account.roles.includes(role));
  return isRevoked || !hasRoles ? 'lost' : 'good';
}

export class Standings {
  /** Age to which an answer counts, and how often sockets are looked at: see the timeline above. */
  readonly checkMs: number;
  private readonly known = new LRUCache<string, Answer>({ max: limits.accountsKnownMax });
  private readonly asking = new Map<string, Promise<Answer | undefined>>();
  private askAgainAt = 0;

  constructor(
    private readonly identity: Pick<IdentityProvider, 'account'>,
    private readonly options: StandingsOptions,
  ) {
    this.checkMs = Math.ceil(options.revocationMs / 3);
  }

  async of(standee: Standee): Promise<Standing> {
    const { userId } = standee;
    const last = this.known.get(userId);
    if (last !== undefined && this.ageOf(last) <= this.checkMs) {
      return standingOf(standee, last.account);
    }
    return this.afterAsking(standee);
  }

  /** Asks Firebase whatever it said before: who signs in may have got a role a moment ago. */
  afresh(standee: Standee): Promise<Standing> {
    return this.afterAsking(standee);
  }

  private async afterAsking(standee: Standee): Promise<Standing> {
    const answer = (await this.ask(standee.userId)) ?? this.known.get(standee.userId);
    if (answer === undefined || this.ageOf(answer) >= limits.accountGraceMs) return 'unknown';
    return standingOf(standee, answer.account);
  }

  /** Many requests of one user ask once; undefined: Firebase cannot be asked. */
  private ask(userId: string): Promise<Answer | undefined> {
    const before = this.asking.get(userId);
    if (before !== undefined) return before;
    const asking = this.askFirebase(userId).finally(() => this.asking.delete(userId));
    this.asking.set(userId, asking);
    return asking;
  }

  private async askFirebase(userId: string): Promise<Answer | undefined> {
    const at = this.options.clock.now();
    // In an outage not every request waits for the same time-out.
    if (at < this.askAgainAt) return undefined;
    try {
      const account = await within(this.identity.account(userId), limits.accountAnswerMs);
      if (account === TIMED_OUT) throw new EdgeError('IDENTITY_UNAVAILABLE');
      const answer = { account, at };
      this.known.set(userId, answer);
      return answer;
    } catch (error) {
      if (!(error instanceof EdgeError)) throw error;
      this.askAgainAt = this.options.clock.now() + limits.accountRetryMs;
      this.options.onFailure(error);
      return undefined;
    }
  }

  private ageOf({ at }: Answer): number {
    return this.options.clock.now() - at;
  }
}
