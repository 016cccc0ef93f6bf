/** Who a Firebase ID token speaks for. */
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
}

export interface IdentityProvider {
  /** Rejects with `INVALID_TOKEN`, or with `IDENTITY_UNAVAILABLE` when Firebase cannot be asked. */
  identify(idToken: string): Promise<Identity>;
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
      return { userId: decoded.uid, email: decoded.email ?? null, roles: rolesOf(decoded) };
    },
  };

  async function verify(idToken: string): Promise<DecodedIdToken> {
    try {
      // Only the emulator can tell of revocation without a service account.
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
function rolesOf(token: DecodedIdToken): readonly Role[] {
  const claims = [token['role'], token['roles']].flat();
  return claims.includes('ops') ? ['ops'] : [];
}
