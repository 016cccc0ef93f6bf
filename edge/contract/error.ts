/** The one shape of every answer that is not a success. */
import { Type, type Static } from '@sinclair/typebox';
import { closedObject } from './fields';

export const errorReply = closedObject({
  error: closedObject({
    code: Type.String({ description: 'A code of edge/errors.ts.' }),
    message: Type.String({ description: 'What is wrong and what to do, for people.' }),
    field: Type.Optional(
      Type.String({ description: 'Path of the field at fault, such as items.0.quantity.' }),
    ),
  }),
});

export type ErrorReply = Static<typeof errorReply>;
