/**
 * Sign-in, who is signed in, sign-out. A sign-in always makes a new token and ends the session whose
 * cookie came with it, so that a token planted before it is worth nothing after.
 */
import { Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import type { SessionStatus } from '../contract/api-types';
import { problemAnswers } from '../contract/error';
import { sessionStatus, signInBody } from '../contract/session';
import { EdgeError } from '../errors';
import type { EdgeParts, EdgeScope } from '../app-parts';
import type { RateLimits } from '../plugins/rate-limits';
import { clearSessionCookie, sessionTokenOf, setSessionCookie } from '../plugins/session-gate';
import type { Admission } from '../sessions/admission';
import { newSessionToken } from '../sessions/session-cookie';
import type { Session } from '../sessions/session-store';

const tags = ['auth'];

export interface SessionRouteParts extends Pick<EdgeParts, 'sessions' | 'identity' | 'settings'> {
  readonly admission: Admission;
  readonly rateLimits: RateLimits;
  /** Called after a session was removed. */
  readonly onSessionEnd: (token: string) => void;
  /** Called after every session of a user was removed. */
  readonly onUserEnd: (userId: string) => void;
}

export function sessionRoutes(app: EdgeScope, parts: SessionRouteParts): void {
  const { admission, settings } = parts;
  const { proxyDepth } = settings;
  const tokenOf = (request: FastifyRequest) => sessionTokenOf(request, proxyDepth);
  signInRoute(app, parts);

  app.get(
    '/status',
    {
      schema: {
        tags,
        summary: 'Who is signed in.',
        response: { 200: sessionStatus, ...problemAnswers },
      },
    },
    async (request) => statusOf(await admission.find(tokenOf(request))),
  );

  app.post(
    '/logout',
    {
      schema: {
        tags,
        summary: 'Ends the session.',
        response: { 204: Type.Null(), ...problemAnswers },
      },
    },
    async (request, reply) => {
      await endSession(parts, tokenOf(request));
      clearSessionCookie(reply, proxyDepth);
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/logout-everywhere',
    {
      schema: {
        tags,
        summary: 'Ends every session of the user, on every device, and the ID tokens given out.',
        response: { 204: Type.Null(), ...problemAnswers },
      },
    },
    async (request, reply) => {
      const session = await admission.find(tokenOf(request));
      if (session === null) throw new EdgeError('UNAUTHENTICATED');
      const { userId } = session;
      await parts.sessions.removeAllOf(userId);
      parts.onUserEnd(userId);
      clearSessionCookie(reply, proxyDepth);
      // Without it whoever holds an ID token would be in again at once.
      await parts.identity.revoke(userId);
      return reply.code(204).send(null);
    },
  );
}

function signInRoute(app: EdgeScope, parts: SessionRouteParts): void {
  const { sessions, identity, admission, rateLimits, settings } = parts;
  const { proxyDepth, sessionMs } = settings;
  app.post(
    '/session',
    {
      onRequest: rateLimits.byAddress('sign-in'),
      schema: {
        tags,
        summary: 'Signs in with a Firebase ID token and sets the session cookie.',
        body: signInBody,
        response: { 200: sessionStatus, ...problemAnswers },
      },
    },
    async (request, reply) => {
      const who = await identity.identify(request.body.idToken);
      await rateLimits.take('sign-in', `user:${who.userId}`, request, reply);
      await admission.admit(who);
      await endSession(parts, sessionTokenOf(request, proxyDepth));
      const session: Session = { ...who, expiresAt: Date.now() + sessionMs };
      const token = newSessionToken();
      await sessions.create(token, session);
      setSessionCookie(reply, proxyDepth, { token, maxAge: Math.ceil(sessionMs / 1_000) });
      return statusOf(session);
    },
  );
}

async function endSession(
  { sessions, onSessionEnd }: Pick<SessionRouteParts, 'sessions' | 'onSessionEnd'>,
  token: string | undefined,
): Promise<void> {
  if (token === undefined) return;
  await sessions.remove(token);
  onSessionEnd(token);
}

function statusOf(session: Session | null): SessionStatus {
  if (session === null) return { user: null };
  const { userId, email, roles, expiresAt } = session;
  return { user: { userId, email, roles: [...roles], expiresAt } };
}
