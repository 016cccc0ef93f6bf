/** Who a Firebase ID token speaks for, and how an account stands. */
import { getApps, initializeApp } from 'firebase-admin/app';
import { getAuth, type DecodedIdToken } from 'firebase-admin/auth';
import { TIMED_OUT, within } from '../deadline';
import { EdgeError } from '../errors';
import { limits } from '../limits';
import type { Role } from './session-store';

export interface Identity {
  readonly userId: string;
  readonly email: string | null;
  readonly roles: readonly Role[];
  /** When the user gave the password, or the like; milliseconds since the epoch. */
  readonly authenticatedAt: number;
}

/** An account as it stands. */
export interface Account {
  readonly disabled: boolean;
  /** Who gave the password before then is revoked; milliseconds since the epoch. */
  readonly tokensValidFrom: number;
  readonly roles: readonly Role[];
}

export interface IdentityProvider {
  /** Rejects with `INVALID_TOKEN`, or with `IDENTITY_UNAVAILABLE` when Firebase cannot be asked. */
  identify(idToken: string): Promise<Identity>;
  /** Undefined: there is no such user. Rejects with `IDENTITY_UNAVAILABLE`. */
  account(userId: string): Promise<Account | undefined>;
  /**
   * What the user gave the password for before now counts no more, ID tokens among it. Rejects with
   * `IDENTITY_UNAVAILABLE`.
   */
  revoke(userId: string): Promise<void>;
}

/** What Firebase says when the token, and not the way to Firebase, is at fault. */
const TOKEN_FAULTS: ReadonlySet<unknown> = new Set([
  'auth/argument-error',
  'auth/invalid-argument',
  'auth/invalid-id-token',
  'auth/id-token-expired',
  'auth/id-token-revoked',
  'auth/user-disabled',
  'auth/user-not-found',
]);

/** firebase-admin reads FIREBASE_AUTH_EMULATOR_HOST by itself and then takes unsigned tokens. */
export function firebaseIdentity(projectId: string): IdentityProvider {
  const name = `edge-${projectId}`;
  const app = getApps().find((known) => known.name === name) ?? initializeApp({ projectId }, name);
  const auth = getAuth(app);
  return {
    async identify(idToken) {
      const decoded = await within(verify(idToken), limits.firebaseAnswerMs);
      if (decoded === TIMED_OUT) throw new EdgeError('IDENTITY_UNAVAILABLE');
      return {
        userId: decoded.uid,
        email: decoded.email ?? null,
        roles: rolesOf(decoded),
        authenticatedAt: decoded.auth_time * 1_000,
      };
    },
    async account(userId) {
      try {
        const { disabled, tokensValidAfterTime, customClaims } = await auth.getUser(userId);
        const tokensValidFrom = Date.parse(tokensValidAfterTime ?? '') || 0;
        return { disabled, tokensValidFrom, roles: rolesOf(customClaims ?? {}) };
      } catch (error) {
        if ((error as { code?: unknown }).code === 'auth/user-not-found') return undefined;
        throw new EdgeError('IDENTITY_UNAVAILABLE', { cause: error });
      }
    },
    async revoke(userId) {
      try {
        const revoked = await within(auth.revokeRefreshTokens(userId), limits.firebaseAnswerMs);
        if (revoked === TIMED_OUT) throw new EdgeError('IDENTITY_UNAVAILABLE');
      } catch (error) {
        if ((error as { code?: unknown }).code === 'auth/user-not-found') return;
        if (error instanceof EdgeError) throw error;
        throw new EdgeError('IDENTITY_UNAVAILABLE', { cause: error });
      }
    },
  };

  async function verify(idToken: string): Promise<DecodedIdToken> {
    try {
      // Revocation is the account's to tell, which is asked for with every session.
      return await auth.verifyIdToken(idToken);
    } catch (error) {
      const fault = TOKEN_FAULTS.has((error as { code?: unknown }).code);
      throw new EdgeError(fault ? 'INVALID_TOKEN' : 'IDENTITY_UNAVAILABLE', {
        ...(fault ? { field: 'idToken' } : {}),
        cause: error,
      });
    }
  }
}

/** The custom claim is `role: "ops"` or `roles: ["ops", …]`. */
function rolesOf(claims: Readonly<Record<string, unknown>>): readonly Role[] {
  const roles = [claims['role'], claims['roles']].flat();
  return roles.includes('ops') ? ['ops'] : [];
}
