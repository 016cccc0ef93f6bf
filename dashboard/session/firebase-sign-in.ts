/**
 * Turns an e-mail address and a password into a Firebase ID token, which the edge trades for its
 * own session. Firebase keeps nothing in the browser: the session cookie is all there is.
 */
import type * as FirebaseAuth from 'firebase/auth';
import type { ClientConfig } from '../../edge/contract/api-types';
import type { TextKey } from '../i18n/catalogue';
import { t } from '../i18n/translate';

export type TokenOutcome =
  | { readonly kind: 'token'; readonly idToken: string }
  | { readonly kind: 'refused'; readonly message: string };

const REASONS: Readonly<Record<string, TextKey>> = {
  'auth/invalid-credential': 'session.reasons.wrong',
  'auth/wrong-password': 'session.reasons.wrong',
  'auth/user-not-found': 'session.reasons.wrong',
  'auth/invalid-email': 'session.reasons.invalidEmail',
  'auth/user-disabled': 'session.reasons.disabled',
  'auth/too-many-requests': 'session.reasons.tooMany',
  'auth/network-request-failed': 'session.reasons.network',
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
    const why = error instanceof Error ? error.message : String(error);
    return {
      kind: 'refused',
      message: known === undefined ? t('session.refused', { why }) : t(known),
    };
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
