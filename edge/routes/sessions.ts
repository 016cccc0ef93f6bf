/** Sign-in, who is signed in, sign-out. */
import { Type } from '@sinclair/typebox';
import type { SessionStatus } from '../contract/api-types';
import { errorReply } from '../contract/error';
import { sessionStatus, signInBody } from '../contract/session';
import { limits } from '../limits';
import type { EdgeParts, EdgeScope } from '../app-parts';
import {
  SESSION_COOKIE,
  clearSessionCookie,
  newSessionToken,
  setSessionCookie,
} from '../plugins/session-gate';
import type { Admission } from '../sessions/admission';
import type { Session } from '../sessions/session-store';

const tags = ['auth'];
const errors = { '4xx': errorReply, '5xx': errorReply };

export interface SessionRouteParts extends Pick<EdgeParts, 'sessions' | 'identity'> {
  readonly admission: Admission;
  /** Called after a session was removed. */
  readonly onSessionEnd: (token: string) => void;
}

export function sessionRoutes(app: EdgeScope, parts: SessionRouteParts): void {
  const { sessions, identity, admission } = parts;

  app.post(
    '/session',
    {
      schema: {
        tags,
        summary: 'Signs in with a Firebase ID token and sets the session cookie.',
        body: signInBody,
        response: { 200: sessionStatus, ...errors },
      },
    },
    async (request, reply) => {
      const who = await identity.identify(request.body.idToken);
      await admission.admit(who);
      const session: Session = { ...who, expiresAt: Date.now() + limits.sessionSeconds * 1_000 };
      const token = newSessionToken();
      await sessions.create(token, session);
      setSessionCookie(request, reply, token);
      return statusOf(session);
    },
  );

  app.get(
    '/status',
    { schema: { tags, summary: 'Who is signed in.', response: { 200: sessionStatus, ...errors } } },
    async (request) => statusOf(await admission.find(request.cookies[SESSION_COOKIE])),
  );

  app.post(
    '/logout',
    { schema: { tags, summary: 'Ends the session.', response: { 204: Type.Null(), ...errors } } },
    async (request, reply) => {
      const token = request.cookies[SESSION_COOKIE];
      if (token !== undefined) {
        await sessions.remove(token);
        parts.onSessionEnd(token);
      }
      clearSessionCookie(request, reply);
      return reply.code(204).send(null);
    },
  );
}

function statusOf(session: Session | null): SessionStatus {
  if (session === null) return { user: null };
  const { userId, email, roles, expiresAt } = session;
  return { user: { userId, email, roles: [...roles], expiresAt } };
}
