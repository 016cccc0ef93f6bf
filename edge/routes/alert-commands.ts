/** What operators ask of alerts; 202 once Kafka has it, and the alert's history says what came of it. */
import type { FastifyRequest } from 'fastify';
import type { Static, TSchema } from '@sinclair/typebox';
import type { EventOf } from '../../schemas/event';
import { ALERT_RULES, type AlertAction } from '../../topics/alert-rules';
import { alertsRequests } from '../../topics/alerts';
import {
  acknowledgeRequested,
  actionRequested,
  noteRequested,
  reopenRequested,
  resolveRequested,
  type AlertCommandSource,
  type OperatorSource,
} from '../alert-request-events';
import { previewsOf } from '../alert-preview';
import type { AlertView } from '../contract/api-types';
import {
  acknowledgeBody,
  actionBody,
  alertActions,
  commandAccepted,
  noteBody,
  reopenBody,
  resolveBody,
} from '../contract/alert-command';
import { problemAnswers } from '../contract/error';
import { closedObject, uuid } from '../contract/fields';
import { EdgeError } from '../errors';
import { idempotencyHeaders } from '../idempotency';
import type { EdgeParts, EdgeScope } from '../app-parts';
import { appendOnce, keyedRequestOf, keyedSourceOf } from '../plugins/idempotency-gate';
import { sessionOf } from '../plugins/session-gate';

const tags = ['operations'];
const params = closedObject({ alertId: uuid });
const command = {
  tags,
  params,
  headers: idempotencyHeaders,
  response: { 202: commandAccepted, ...problemAnswers },
};

type AlertRequest = EventOf<(typeof alertsRequests.types)[number]>;
type Incoming = Pick<FastifyRequest, 'id' | 'keyed' | 'session' | 'url'>;
type CommandParts = Pick<EdgeParts, 'log' | 'readModels'>;

export function alertCommandRoutes(app: EdgeScope, parts: CommandParts): void {
  const route = <B extends TSchema>(what: AlertCommand<B>) => routeCommand(app, parts, what);
  route({
    path: 'acknowledge',
    summary: 'Acknowledges the alert.',
    body: acknowledgeBody,
    event: acknowledgeRequested,
  });
  route({
    path: 'notes',
    summary: 'Writes a note on the alert.',
    body: noteBody,
    event: noteRequested,
  });
  route({
    path: 'resolve',
    summary: 'Resolves the alert by hand.',
    body: resolveBody,
    event: resolveRequested,
  });
  route({
    path: 'reopen',
    summary: 'Reopens a resolved alert.',
    body: reopenBody,
    event: reopenRequested,
  });
  route({
    path: 'actions',
    summary: 'Starts a repair.',
    body: actionBody,
    event: actionRequested,
  });
}

/** `POST /alerts/:alertId/<path>`, and the event that it becomes. */
interface AlertCommand<B extends TSchema> {
  readonly path: string;
  readonly summary: string;
  readonly body: B;
  readonly event: (source: AlertCommandSource, body: Static<B>) => AlertRequest;
}

function routeCommand<B extends TSchema>(
  app: EdgeScope,
  parts: CommandParts,
  { path, summary, body, event }: AlertCommand<B>,
): void {
  app.post(
    `/alerts/:alertId/${path}`,
    { schema: { ...command, summary, body } },
    async (request, reply) => {
      const make = (source: AlertCommandSource) => event(source, request.body);
      return reply.code(202).send(await ask(parts, request, request.params.alertId, make));
    },
  );
}

export function alertActionRoutes(
  app: EdgeScope,
  { readModels }: Pick<EdgeParts, 'readModels'>,
): void {
  app.get(
    '/alerts/:alertId/actions',
    {
      schema: {
        tags,
        summary: 'What the alert offers, and what each action would change as things stand.',
        params,
        response: { 200: alertActions, ...problemAnswers },
      },
    },
    async (request) => {
      const alert = await alertOr404(readModels, request.params.alertId);
      const facts = await readModels.repairFacts(alert.orderId);
      const { alertId, version, rule, status, action, actionStatus } = alert;
      const underWay = actionStatus === 'STARTED' ? action : null;
      const actions = status === 'RESOLVED' ? [] : previewsOf(rule, facts, underWay);
      return { alertId, version, actions: [...actions] };
    },
  );
}

async function ask(
  { log, readModels }: CommandParts,
  request: Incoming,
  alertId: string,
  make: (source: AlertCommandSource) => AlertRequest,
): Promise<Static<typeof commandAccepted>> {
  const alert = await alertOr404(readModels, alertId);
  const event = make({ ...operatorSourceOf(request), alertId, orderId: alert.orderId });
  const refusal = keyedRequestOf(request).isLogged ? undefined : refusalOf(alert, event);
  // A repeat of what the alert has taken already is no conflict, though its version has moved on.
  if (refusal !== undefined && !(await readModels.alertTook(alertId, event.eventId))) throw refusal;
  await appendOnce(log, request, alertsRequests, event);
  return { eventId: event.eventId };
}

/**
 * What is plain from the read models is refused at once. They may be behind: what they do not show
 * yet is let through, and the alerts app refuses it.
 */
function refusalOf(alert: AlertView, request: AlertRequest): EdgeError | undefined {
  const isResolved = alert.status === 'RESOLVED';
  if ('expectedVersion' in request && request.expectedVersion < alert.version) {
    const detail = `The alert is at version ${String(alert.version)}; look at it again.`;
    return new EdgeError('STALE_VERSION', { field: 'expectedVersion', detail });
  }
  switch (request.type) {
    case 'AlertNoteRequested':
      return undefined;
    case 'AlertReopenRequested':
      return isResolved ? undefined : new EdgeError('ALERT_NOT_RESOLVED');
    case 'AlertAcknowledgeRequested':
    case 'AlertResolveRequested':
      return isResolved ? new EdgeError('ALERT_RESOLVED') : undefined;
    case 'AlertActionRequested':
      if (isResolved) return new EdgeError('ALERT_RESOLVED');
      if (!offers(alert.rule, request.action)) {
        return new EdgeError('ACTION_NOT_OFFERED', { field: 'action' });
      }
      if (request.amount !== null && request.action !== 'REFUND') {
        const detail = `amount must be left out of ${request.action}; it belongs to REFUND.`;
        return new EdgeError('INVALID_FIELD', { field: 'amount', detail });
      }
      return alert.actionStatus === 'STARTED' ? new EdgeError('ACTION_UNDER_WAY') : undefined;
  }
}

function offers(rule: AlertView['rule'], action: AlertAction): boolean {
  return ALERT_RULES[rule].actions.includes(action);
}

async function alertOr404(
  readModels: CommandParts['readModels'],
  alertId: string,
): Promise<AlertView> {
  const alert = await readModels.alertHead(alertId);
  if (alert === undefined) throw new EdgeError('NOT_FOUND');
  return alert;
}

export function operatorSourceOf(request: Incoming): OperatorSource {
  const { userId, email } = sessionOf(request);
  return { ...keyedSourceOf(request), actor: email ?? userId };
}
