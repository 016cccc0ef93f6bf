/**
 * Lets nobody below a scope's routes without a session, and changes nothing on behalf of another
 * site's page. When Redis does not answer, neither does any route here, known or not.
 */
import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EdgeError } from '../errors';
import { limits } from '../limits';
import type { EdgeScope } from '../app-parts';
import { isSameOrigin, sourceOf, type OriginPolicy } from '../same-origin';
import type { Admission } from '../sessions/admission';
import type { Role, Session } from '../sessions/session-store';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null outside the session gate. */
    session: Session | null;
  }
}

export const SESSION_COOKIE = 'sid';

/** 256 bits: not to be guessed. */
const TOKEN_BYTES = 32;

export function newSessionToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

export function gateBySession(app: EdgeScope, admission: Admission): void {
  app.addHook('onRequest', async (request) => {
    request.session = await admission.find(request.cookies[SESSION_COOKIE]);
    if (request.session === null) throw new EdgeError('UNAUTHENTICATED');
  });
}

export function gateByOrigin(app: EdgeScope, { origins, proxyDepth }: OriginPolicy): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (reads || isSameOrigin(sourceOf(request.headers, proxyDepth), origins)) done();
    else done(new EdgeError('CROSS_ORIGIN'));
  });
}

export function gateByRole(app: EdgeScope, role: Role): void {
  app.addHook('onRequest', (request, _reply, done) => {
    if (sessionOf(request).roles.includes(role)) done();
    else done(new EdgeError('FORBIDDEN'));
  });
}

/** Only below gateBySession. */
export function sessionOf(request: Pick<FastifyRequest, 'session' | 'url'>): Session {
  if (request.session === null) throw new Error(`${request.url} is outside the session gate`);
  return request.session;
}

export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
): void {
  reply.setCookie(SESSION_COOKIE, token, {
    ...cookieScope(request),
    maxAge: limits.sessionSeconds,
  });
}

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(SESSION_COOKIE, cookieScope(request));
}

/** Browsers drop a Secure cookie that came over plain HTTP, which only a developer's machine may use. */
function cookieScope({ protocol, hostname }: FastifyRequest) {
  const local = ['localhost', '127.0.0.1', '[::1]', '::1'].includes(hostname);
  return {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: !(protocol === 'http' && local),
  } as const;
}
