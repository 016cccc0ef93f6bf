/** Users of the Firebase auth emulator that FIREBASE_AUTH_EMULATOR_HOST names. */
import { randomUUID } from 'node:crypto';
import { initializeApp } from 'firebase-admin/app';
import { getAuth } from 'firebase-admin/auth';
import { fromEnvironment } from '../streams/views/views-fixture';

export interface SignedUpUser {
  readonly userId: string;
  readonly email: string;
  readonly idToken: string;
}

const PASSWORD = 'correct horse battery staple';

/** What can be done to an account, as an administrator of Firebase does it. */
export type AccountLoss = 'disabled' | 'revoked' | 'role lost' | 'deleted';

export async function take(userId: string, loss: AccountLoss): Promise<void> {
  const auth = administration();
  switch (loss) {
    case 'disabled':
      await auth.updateUser(userId, { disabled: true });
      break;
    case 'revoked':
      await auth.revokeRefreshTokens(userId);
      break;
    case 'role lost':
      await auth.setCustomUserClaims(userId, null);
      break;
    case 'deleted':
      await auth.deleteUser(userId);
      break;
  }
}

function administration() {
  return getAuth(initializeApp({ projectId: fromEnvironment('GCLOUD_PROJECT') }, randomUUID()));
}

/** A new user with the custom claim `role`, if one is given, and an ID token that carries it. */
export async function signUp(role?: 'ops'): Promise<SignedUpUser> {
  const auth = administration();
  const email = `${randomUUID()}@example.com`;
  const { uid: userId } = await auth.createUser({ email, password: PASSWORD });
  if (role !== undefined) await auth.setCustomUserClaims(userId, { role });
  return { userId, email, idToken: await signInWithPassword(email) };
}

async function signInWithPassword(email: string): Promise<string> {
  const host = fromEnvironment('FIREBASE_AUTH_EMULATOR_HOST');
  const path = 'identitytoolkit.googleapis.com/v1/accounts:signInWithPassword?key=any';
  const answer = await fetch(`http://${host}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: PASSWORD, returnSecureToken: true }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return ((await answer.json()) as { idToken: string }).idToken;
}
