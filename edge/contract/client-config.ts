/** What a program that calls the edge has to know before it can sign anybody in. */
import { Type, type Static } from '@sinclair/typebox';
import { closedObject, nullable } from './fields';

export const demoAccount = closedObject({
  role: Type.String(),
  email: Type.String(),
  password: Type.String(),
});

export const clientConfig = closedObject({
  firebase: closedObject({
    apiKey: Type.String(),
    projectId: Type.String(),
    authDomain: nullable(Type.String()),
    emulatorUrl: {
      ...nullable(Type.String()),
      description: 'Origin of the auth emulator; null: Firebase itself.',
    },
  }),
  demoAccounts: Type.Array(demoAccount, {
    description: 'Who may sign in to a demonstration; none unless the emulator keeps the accounts.',
  }),
});

export type DemoAccount = Static<typeof demoAccount>;
/** What the dashboard needs to sign in with Firebase. */
export type ClientConfig = Static<typeof clientConfig>;
