/** What the API gives of records that an app could not process. */
import { Type, type Static } from '@sinclair/typebox';
import { closedObject, instant, nullable, offset, partition } from './fields';

export const deadLetterQuery = closedObject({
  app: Type.Optional(
    Type.String({ maxLength: 100, description: 'The app that could not process it.' }),
  ),
});
export type DeadLetterQuery = Static<typeof deadLetterQuery>;

export const deadLetterView = closedObject({
  app: Type.String({ description: 'The app that could not process it.' }),
  topic: Type.String(),
  partition,
  offset,
  key: nullable(Type.String({ description: 'Base64 of the key.' })),
  value: nullable(Type.String({ description: 'Base64 of the value, cut at a limit.' })),
  valueBytes: Type.Integer({ description: 'Length of the whole value.' }),
  errorCode: Type.String(),
  reason: Type.String(),
  occurredAt: instant,
  loggedAt: instant,
});

export const deadLetterList = closedObject({
  deadLetters: Type.Array(deadLetterView, { description: 'Newest first.' }),
});

export type DeadLetterList = Static<typeof deadLetterList>;
export type DeadLetterView = Static<typeof deadLetterView>;
