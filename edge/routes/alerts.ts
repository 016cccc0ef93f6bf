/** What operators look at: alerts, dead letters and PayPay's webhooks. */
import {
  alertDetail,
  alertHistory,
  alertHistoryQuery,
  alertList,
  alertQuery,
} from '../contract/alert';
import { deadLetterList, deadLetterQuery } from '../contract/dead-letter';
import { problemAnswers } from '../contract/error';
import { closedObject, uuid } from '../contract/fields';
import { webhookList, webhookQuery } from '../contract/webhook';
import { EdgeError } from '../errors';
import type { EdgeParts, EdgeScope } from '../app-parts';

const tags = ['operations'];

export function alertRoutes(app: EdgeScope, { readModels }: Pick<EdgeParts, 'readModels'>): void {
  app.get(
    '/alerts',
    {
      schema: {
        tags,
        summary: 'Alerts by severity, then the oldest first; without a status the open ones.',
        querystring: alertQuery,
        response: { 200: alertList, ...problemAnswers },
      },
    },
    (request) => readModels.alerts(request.query),
  );

  app.get(
    '/alerts/:alertId',
    {
      schema: {
        tags,
        summary: 'One alert with its evidence and history.',
        params: closedObject({ alertId: uuid }),
        response: { 200: alertDetail, ...problemAnswers },
      },
    },
    async (request) => {
      const alert = await readModels.alert(request.params.alertId);
      if (alert === undefined) throw new EdgeError('NOT_FOUND');
      return alert;
    },
  );

  app.get(
    '/alerts/:alertId/history',
    {
      schema: {
        tags,
        summary: 'What happened to an alert, who did it and why, page by page.',
        params: closedObject({ alertId: uuid }),
        querystring: alertHistoryQuery,
        response: { 200: alertHistory, ...problemAnswers },
      },
    },
    async (request) => {
      const { params, query } = request;
      const history = await readModels.alertHistory(params.alertId, query.before);
      if (history === undefined) throw new EdgeError('NOT_FOUND');
      return history;
    },
  );

  app.get(
    '/dead-letters',
    {
      schema: {
        tags,
        summary: 'Dead letters: records that an app could not process, newest first.',
        querystring: deadLetterQuery,
        response: { 200: deadLetterList, ...problemAnswers },
      },
    },
    (request) => readModels.deadLetters(request.query),
  );

  app.get(
    '/webhooks',
    {
      schema: {
        tags,
        summary: "PayPay's webhooks as they came in, each with its verdict.",
        querystring: webhookQuery,
        response: { 200: webhookList, ...problemAnswers },
      },
    },
    (request) => readModels.webhooks(request.query),
  );
}
