/** What the API gives of records that an app could not process. */
import { Type, type Static } from '@sinclair/typebox';
import { limits } from '../limits';
import {
  before,
  closedObject,
  instant,
  int,
  next,
  nullable,
  offset,
  partition,
  patterned,
} from './fields';

export const deadLetterQuery = closedObject({
  app: Type.Optional(
    patterned('^[A-Za-z0-9._-]{1,100}$', 'the name of an app', {
      description: 'The app that could not process it.',
    }),
  ),
  before: Type.Optional(before),
});
export type DeadLetterQuery = Static<typeof deadLetterQuery>;

export const deadLetterView = closedObject({
  app: Type.String({ description: 'The app that could not process it.' }),
  topic: Type.String(),
  partition,
  offset,
  key: nullable(Type.String({ description: 'Base64 of the key.' })),
  value: nullable(Type.String({ description: 'Base64 of the value, cut at a limit.' })),
  valueBytes: int({ minimum: 0, description: 'Length of the whole value.' }),
  errorCode: Type.String(),
  reason: Type.String(),
  occurredAt: instant,
  loggedAt: instant,
});

export const deadLetterList = closedObject({
  deadLetters: Type.Array(deadLetterView, {
    maxItems: limits.listRowsMax,
    description: 'Newest first.',
  }),
  next,
});

export type DeadLetterList = Static<typeof deadLetterList>;
export type DeadLetterView = Static<typeof deadLetterView>;
