/**
 * Turns an e-mail address and a password into a Firebase ID token, which the edge trades for its
 * own session. Firebase keeps nothing in the browser: the session cookie is all there is.
 */
import type * as FirebaseAuth from 'firebase/auth';
import type { ClientConfig } from '../../edge/contract/api-types';

export type TokenOutcome =
  | { readonly kind: 'token'; readonly idToken: string }
  | { readonly kind: 'refused'; readonly message: string };

const WRONG = 'The e-mail address or the password is wrong.';

const REASONS: Readonly<Record<string, string>> = {
  'auth/invalid-credential': WRONG,
  'auth/wrong-password': WRONG,
  'auth/user-not-found': WRONG,
  'auth/invalid-email': 'This is not an e-mail address.',
  'auth/user-disabled': 'This account is disabled.',
  'auth/too-many-requests': 'Too many tries. Wait a few minutes, then try again.',
  'auth/network-request-failed': 'Firebase does not answer. Try again.',
};

let connected: Promise<{ firebase: typeof FirebaseAuth; auth: FirebaseAuth.Auth }> | undefined;

export async function idTokenFor(
  config: ClientConfig,
  email: string,
  password: string,
): Promise<TokenOutcome> {
  try {
    connected ??= connect(config);
    const { firebase, auth } = await connected;
    const { user } = await firebase.signInWithEmailAndPassword(auth, email, password);
    const idToken = await user.getIdToken();
    await firebase.signOut(auth);
    return { kind: 'token', idToken };
  } catch (error) {
    const { code } = error as { code?: unknown };
    // A part of the page that could not be fetched may be there at the next try.
    if (typeof code !== 'string') connected = undefined;
    const known = typeof code === 'string' ? REASONS[code] : undefined;
    const fallback = `Firebase refused: ${error instanceof Error ? error.message : String(error)}`;
    return { kind: 'refused', message: known ?? fallback };
  }
}

/** Loaded only here: it is the larger half of the page, and a session spares it. */
async function connect({ firebase: settings }: ClientConfig) {
  const [{ initializeApp }, firebase] = await Promise.all([
    import('firebase/app'),
    import('firebase/auth'),
  ]);
  const { apiKey, projectId, authDomain, emulatorUrl } = settings;
  const app = initializeApp({ apiKey, projectId, ...(authDomain === null ? {} : { authDomain }) });
  const auth = firebase.initializeAuth(app, { persistence: firebase.inMemoryPersistence });
  if (emulatorUrl !== null) {
    firebase.connectAuthEmulator(auth, emulatorUrl, { disableWarnings: true });
  }
  return { firebase, auth };
}
