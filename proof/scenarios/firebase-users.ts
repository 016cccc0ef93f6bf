/**
 * People of the Firebase auth emulator, made and signed in as a browser would. Never points at
 * Firebase itself: the emulator's host is part of every address.
 */
import { initializeApp, type App } from 'firebase-admin/app';
import { getAuth } from 'firebase-admin/auth';
import type { Person } from '../../local/pipeline/demo-people';
import { eventId } from '../../schemas/event-id';

const KEY = 'emulator';
let admin: App | undefined;

/** Signs up if need be. Resolves to the uid. */
export async function ensurePerson(host: string, project: string, person: Person): Promise<string> {
  process.env['FIREBASE_AUTH_EMULATOR_HOST'] = host;
  admin ??= initializeApp({ projectId: project });
  const auth = getAuth(admin);
  const { uid } = await auth.getUserByEmail(person.email).catch((error: unknown) => {
    if ((error as { code?: string }).code !== 'auth/user-not-found') throw error;
    // The emulator forgets its users when it stops. A uid that derives from the person keeps their
    // orders theirs, and the seed's idempotency keys, which a uid is part of, the same.
    const uid = eventId(person.email, 'demo-user');
    return auth.createUser({ uid, email: person.email, password: person.password });
  });
  if (person.role === 'ops') await auth.setCustomUserClaims(uid, { role: 'ops' });
  return uid;
}

/** Resolves to an ID token. */
export async function signIn(host: string, { email, password }: Person): Promise<string> {
  const url = `http://${host}/identitytoolkit.googleapis.com/v1/accounts:signInWithPassword?key=${KEY}`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password, returnSecureToken: true }),
  });
  const body = (await response.json()) as { idToken?: string; error?: { message: string } };
  if (body.idToken === undefined) {
    throw new Error(`${email} cannot sign in: ${body.error?.message ?? String(response.status)}`);
  }
  return body.idToken;
}
