/** What the API gives of records that an app could not process. */
import { Type, type Static } from '@sinclair/typebox';
import { limits } from '../limits';
import {
  before,
  closedObject,
  instant,
  int,
  long,
  next,
  nullable,
  offset,
  oneOf,
  partition,
  patterned,
  uuid,
} from './fields';

const deadLetterApp = patterned('^[A-Za-z0-9._-]{1,100}$', 'the name of an app', {
  description: 'The app that could not process it.',
});

export const deadLetterQuery = closedObject({
  app: Type.Optional(deadLetterApp),
  before: Type.Optional(before),
});
export type DeadLetterQuery = Static<typeof deadLetterQuery>;

/** Some by their ids, or all of one app and reason. */
export const redriveBody = closedObject({
  eventIds: Type.Optional(Type.Array(uuid, { minItems: 1, maxItems: limits.redriveLettersMax })),
  app: Type.Optional(deadLetterApp),
  errorCode: Type.Optional(
    patterned('^[A-Z0-9_]{1,100}$', 'the code of a reason, such as HANDLER_FAILED'),
  ),
  preview: Type.Boolean({ description: 'True: only says what would be done.' }),
});
export type RedriveBody = Static<typeof redriveBody>;

export const deadLetterState = closedObject({
  eventId: Type.String({ description: 'Of the dead letter.' }),
  app: Type.String(),
  errorCode: Type.String(),
  topic: Type.String({ description: 'Of the record.' }),
  partition,
  offset: long({ minimum: -1, description: 'Offset of the record; -1: a timer has none.' }),
  state: oneOf(['waiting', 'redriven', 'lost'], {
    description:
      'How it stood before: waiting is redriven now, unless this is a preview; redriven was written ' +
      'again before; lost cannot be.',
  }),
  detail: nullable(Type.String({ description: 'Why it is lost.' })),
});
export type DeadLetterState = Static<typeof deadLetterState>;

export const redriveAnswer = closedObject({
  letters: Type.Array(deadLetterState, {
    description: `The oldest ${String(limits.redriveLettersMax)} that match; ask again for the rest.`,
  }),
});

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
