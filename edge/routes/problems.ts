/** The table of errors, for whoever follows the `type` of a problem. */
import { Type } from '@sinclair/typebox';
import { problemAnswers, problemTerms } from '../contract/error';
import { closedObject } from '../contract/fields';
import { EdgeError, errorCodes, errorTerms } from '../errors';
import type { EdgeScope } from '../app-parts';

const tags = ['problems'];

export function problemRoutes(app: EdgeScope): void {
  app.get(
    '/problems',
    {
      schema: {
        tags,
        summary: 'Every code that a problem may carry.',
        response: { 200: closedObject({ problems: Type.Array(problemTerms) }), ...problemAnswers },
      },
    },
    () => ({ problems: errorCodes.map((code) => ({ code, ...errorTerms(code) })) }),
  );

  app.get(
    '/problems/:code',
    {
      schema: {
        tags,
        summary: 'What a code means and what to do.',
        params: closedObject({ code: Type.String({ maxLength: 100 }) }),
        response: { 200: problemTerms, ...problemAnswers },
      },
    },
    (request) => {
      const code = errorCodes.find((known) => known === request.params.code);
      if (code === undefined) throw new EdgeError('NOT_FOUND');
      return { code, ...errorTerms(code) };
    },
  );
}
