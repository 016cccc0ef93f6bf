/**
 * Records that an app could not process, written to their topics again; each once, however often
 * asked, so that a request needs no key of its own.
 */
import { problemAnswers } from '../contract/error';
import { redriveAnswer, redriveBody } from '../contract/dead-letter';
import { EdgeError } from '../errors';
import type { EdgeParts, EdgeScope } from '../app-parts';
import { sessionOf } from '../plugins/session-gate';

const WHICH = 'Name the ids, or the app and the errorCode of a whole reason.';

export function deadLetterRoutes(app: EdgeScope, { desk }: Pick<EdgeParts, 'desk'>): void {
  app.post(
    '/dead-letters/redrive',
    {
      schema: {
        tags: ['operations'],
        summary: 'Writes the records behind dead letters to their topics again, each once.',
        body: redriveBody,
        response: { 200: redriveAnswer, ...problemAnswers },
      },
    },
    async (request) => {
      const { preview, eventIds, app: name, errorCode } = request.body;
      if (eventIds === undefined && (name === undefined || errorCode === undefined)) {
        throw new EdgeError('MISSING_FIELD', { field: 'eventIds', detail: WHICH });
      }
      const filter = {
        ...(eventIds === undefined ? {} : { eventIds }),
        ...(name === undefined ? {} : { app: name }),
        ...(errorCode === undefined ? {} : { errorCode }),
      };
      const { userId, email } = sessionOf(request);
      const actor = email ?? userId;
      const letters = preview ? await desk.preview(filter) : await desk.redrive(filter, actor);
      if (!preview) request.log.warn({ actor, ...filter, count: letters.length }, 'redriven');
      return { letters: [...letters] };
    },
  );
}
