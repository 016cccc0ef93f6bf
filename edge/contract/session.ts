/** What the API takes and gives of sign-in. */
import { Type, type Static } from '@sinclair/typebox';
import { closedObject, instant, nullable, oneOf } from './fields';
import { limits } from '../limits';

export const role = oneOf(['ops']);

export const signInBody = closedObject({
  idToken: Type.String({
    minLength: 1,
    maxLength: limits.idTokenCharactersMax,
    description: 'Firebase ID token.',
  }),
});

export const user = closedObject({
  userId: Type.String({ description: 'Firebase uid.' }),
  email: nullable(Type.String()),
  roles: Type.Array(role),
  expiresAt: instant,
});

export const sessionStatus = closedObject({ user: nullable(user) });

export type SignInBody = Static<typeof signInBody>;
export type SessionStatus = Static<typeof sessionStatus>;
export type User = Static<typeof user>;
