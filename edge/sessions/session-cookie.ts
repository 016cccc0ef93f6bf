/**
 * The cookie that carries a session's token. What always holds: outside a developer's machine it is
 * `__Host-sid`, which a browser takes only from this very host over HTTPS; a plain `sid`, which a
 * page of a sibling domain could plant, opens nothing there.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { sourceOf } from '../same-origin';

export const SESSION_COOKIE = '__Host-sid';
/** On plain HTTP at localhost, where browsers drop what must be Secure. */
export const LOCAL_SESSION_COOKIE = 'sid';

const LOCAL_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];
/** 256 bits: not to be guessed. */
const TOKEN_BYTES = 32;
/** A token in base64url; anything else never was one of ours, and is not looked up. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

export function newSessionToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

export interface CookieScope {
  readonly name: string;
  readonly secure: boolean;
}

/** By what the request was sent to. */
export function cookieScopeOf(headers: IncomingHttpHeaders, proxyDepth: number): CookieScope {
  const { target } = sourceOf(headers, proxyDepth);
  const url = URL.canParse(target) ? new URL(target) : undefined;
  const isLocal = url?.protocol === 'http:' && LOCAL_HOSTS.includes(url.hostname);
  return isLocal
    ? { name: LOCAL_SESSION_COOKIE, secure: false }
    : { name: SESSION_COOKIE, secure: true };
}

/** Undefined: none, or none that could be one. */
export function tokenIn(
  cookies: Readonly<Record<string, string | undefined>>,
  { name }: CookieScope,
): string | undefined {
  const token = cookies[name];
  return token !== undefined && TOKEN.test(token) ? token : undefined;
}
