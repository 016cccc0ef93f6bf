/** The one shape of every answer that is not a success: problem details as in RFC 9457. */
import { Type, type Static } from '@sinclair/typebox';
import { closedObject, int } from './fields';

export const PROBLEM_TYPE = 'application/problem+json';

const code = Type.String({ description: 'A code of edge/errors.ts.' });
const field = Type.Optional(
  Type.String({ description: 'Path of the field at fault, such as items.0.quantity.' }),
);

export const errorReply = closedObject({
  type: Type.String({ description: 'Where the code is explained: /problems/<code>.' }),
  title: Type.String({ description: 'What the code always means.' }),
  status: int({ minimum: 400, maximum: 599, description: 'The HTTP status.' }),
  detail: Type.String({ description: 'What is wrong here and what to do, for people.' }),
  instance: Type.Optional(
    Type.String({ description: 'The request, as urn:uuid:…; log lines about it carry the id.' }),
  ),
  code,
  field,
  error: closedObject({
    code,
    message: Type.String({ description: 'As `detail`.' }),
    field,
  }),
});

export type ErrorReply = Static<typeof errorReply>;

const problemAnswer = {
  description: 'What is wrong and what to do.',
  content: { [PROBLEM_TYPE]: { schema: errorReply } },
};

/** Of every route, in its schema of answers. */
export const problemAnswers = { '4xx': problemAnswer, '5xx': problemAnswer };

export const problemTerms = closedObject({
  code,
  status: int({ minimum: 400, maximum: 599, description: 'The HTTP status.' }),
  title: Type.String({ description: 'What it means and what to do.' }),
});
