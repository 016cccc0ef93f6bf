/** What operators keep quiet, until when, and who ended it early; 202 once Kafka has it. */
import { alertsSilences } from '../../topics/alerts';
import { silenceEnded, silenced } from '../alert-request-events';
import { silenceAccepted, silenceBody, silenceEndBody } from '../contract/alert-command';
import { problemAnswers } from '../contract/error';
import { closedObject, uuid } from '../contract/fields';
import { silenceList, silenceQuery } from '../contract/incident';
import { EdgeError } from '../errors';
import { idempotencyHeaders } from '../idempotency';
import { limits } from '../limits';
import type { EdgeParts, EdgeScope } from '../app-parts';
import { appendOnce, keyedRequestOf } from '../plugins/idempotency-gate';
import { operatorSourceOf } from './alert-commands';

const tags = ['operations'];
const UNTIL = `until must be a time ahead, at most ${String(limits.silenceMsMax / 86_400_000)} days.`;
const command = {
  tags,
  headers: idempotencyHeaders,
  response: { 202: silenceAccepted, ...problemAnswers },
};

export function silenceRoutes(
  app: EdgeScope,
  { log, readModels }: Pick<EdgeParts, 'log' | 'readModels'>,
): void {
  app.get(
    '/silences',
    {
      schema: {
        tags,
        summary: 'Silences with who made and who ended them; those that are over too.',
        querystring: silenceQuery,
        response: { 200: silenceList, ...problemAnswers },
      },
    },
    (request) => readModels.silences(request.query),
  );

  app.post(
    '/silences',
    {
      schema: {
        ...command,
        summary: 'Silences matching alerts on screens until a time; they are raised all the same.',
        body: silenceBody,
      },
    },
    async (request, reply) => {
      const source = operatorSourceOf(request);
      const { until } = request.body;
      const isAhead = until > source.at && until <= source.at + limits.silenceMsMax;
      if (!isAhead && !keyedRequestOf(request).isLogged) {
        throw new EdgeError('INVALID_FIELD', { field: 'until', detail: UNTIL });
      }
      const event = silenced(source, request.body);
      const { silenceId } = event;
      // Written again it would stand after its own end, and be in force once more.
      const isEnded = ((await readModels.silence(silenceId))?.endedAt ?? null) !== null;
      if (!isEnded) await appendOnce(log, request, alertsSilences, event);
      return reply.code(202).send({ silenceId });
    },
  );

  app.post(
    '/silences/:silenceId/end',
    {
      schema: {
        ...command,
        summary: 'Ends a silence before its time.',
        params: closedObject({ silenceId: uuid }),
        body: silenceEndBody,
      },
    },
    async (request, reply) => {
      const { silenceId } = request.params;
      const source = operatorSourceOf(request);
      const silence = await readModels.silence(silenceId);
      if (silence === undefined) throw new EdgeError('NOT_FOUND');
      const event = silenceEnded(source, silence, request.body);
      const isRepeat = silence.eventId === event.eventId || keyedRequestOf(request).isLogged;
      if (!isRepeat && (silence.endedAt !== null || silence.until <= source.at)) {
        throw new EdgeError('SILENCE_OVER');
      }
      if (!isRepeat) await appendOnce(log, request, alertsSilences, event);
      return reply.code(202).send({ silenceId });
    },
  );
}
