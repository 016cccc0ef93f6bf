/**
 * Lets nobody below a scope's routes without a session, and changes nothing on behalf of another
 * site's page. When Redis does not answer, neither does any route here, known or not.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EdgeError } from '../errors';
import type { EdgeScope } from '../app-parts';
import { isSameOrigin, sourceOf, type OriginPolicy } from '../same-origin';
import type { Admission } from '../sessions/admission';
import { cookieScopeOf, tokenIn } from '../sessions/session-cookie';
import type { Role, Session } from '../sessions/session-store';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null outside the session gate. */
    session: Session | null;
  }
}

export function gateBySession(app: EdgeScope, admission: Admission, proxyDepth: number): void {
  app.addHook('onRequest', async (request) => {
    request.session = await admission.find(sessionTokenOf(request, proxyDepth));
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

/** What the request's cookie carries. */
export function sessionTokenOf(request: FastifyRequest, proxyDepth: number): string | undefined {
  return tokenIn(request.cookies, cookieScopeOf(request.headers, proxyDepth));
}

export function setSessionCookie(
  reply: FastifyReply,
  proxyDepth: number,
  { token, maxAge }: { readonly token: string; readonly maxAge: number },
): void {
  const { name, secure } = cookieScopeOf(reply.request.headers, proxyDepth);
  reply.setCookie(name, token, { ...COOKIE, secure, maxAge });
}

export function clearSessionCookie(reply: FastifyReply, proxyDepth: number): void {
  const { name, secure } = cookieScopeOf(reply.request.headers, proxyDepth);
  reply.clearCookie(name, { ...COOKIE, secure });
}

const COOKIE = { path: '/', httpOnly: true, sameSite: 'lax' } as const;
