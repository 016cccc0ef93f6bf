/**
 * Who is signed in, by the word of the edge.
 *
 *   checking ──> signed-out <──> signed-in
 *      │  ^          ^ expired: a request or the socket was told so, or its time is over
 *      v  │
 *   unavailable      asked again until the edge answers
 */
import { shallowRef } from 'vue';
import type { User } from '../../edge/contract/api-types';
import type { Answer, Failure } from '../api/answer';
import type { EdgeApi } from '../api/edge-api';
import { failureWords } from '../api/failure-words';
import { Backoff } from '../backoff';
import { t } from '../i18n/translate';
import { idTokenFor } from './firebase-sign-in';

export type SessionState =
  | { readonly kind: 'checking' }
  | { readonly kind: 'unavailable'; readonly failure: Failure }
  | { readonly kind: 'signed-out'; readonly because: 'never' | 'left' | 'expired' }
  | { readonly kind: 'signed-in'; readonly user: User };

export type SignInOutcome =
  { readonly kind: 'signed-in' } | { readonly kind: 'refused'; readonly message: string };

export class Session {
  readonly state = shallowRef<SessionState>({ kind: 'checking' });
  private readonly backoff = new Backoff();
  private end: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly api: EdgeApi) {
    api.onSessionEnded = () => this.expire();
  }

  /** Resolves with the first word of the edge; goes on asking while there is none. */
  async check(): Promise<void> {
    const answer = await this.api.session();
    if (answer.kind === 'ok') {
      this.backoff.succeeded();
      const { user } = answer.value;
      if (user === null) this.state.value = { kind: 'signed-out', because: 'never' };
      else this.enter(user);
      return;
    }
    this.state.value = { kind: 'unavailable', failure: answer };
    setTimeout(() => void this.check(), this.backoff.nextMs());
  }

  async signIn(email: string, password: string): Promise<SignInOutcome> {
    const config = await this.api.config();
    if (config.kind !== 'ok') return { kind: 'refused', message: failureWords(config) };
    const token = await idTokenFor(config.value, email, password);
    if (token.kind === 'refused') return token;
    const answer = await this.api.signIn(token.idToken);
    if (answer.kind !== 'ok') return { kind: 'refused', message: failureWords(answer) };
    const { user } = answer.value;
    if (user === null) return { kind: 'refused', message: t('session.notBegun') };
    this.enter(user);
    return { kind: 'signed-in' };
  }

  /** Signed out only by the word of the edge: until then the cookie still opens the shop. */
  async signOut(): Promise<Answer<undefined>> {
    const answer = await this.api.signOut();
    if (answer.kind === 'ok') this.leave('left');
    return answer;
  }

  expire(): void {
    if (this.state.value.kind === 'signed-in') this.leave('expired');
  }

  private enter(user: User): void {
    clearTimeout(this.end);
    this.end = setTimeout(() => this.expire(), user.expiresAt - Date.now());
    this.state.value = { kind: 'signed-in', user };
  }

  private leave(because: 'left' | 'expired'): void {
    clearTimeout(this.end);
    this.state.value = { kind: 'signed-out', because };
  }
}
