/**
 * What operators ask of alerts, as the events it becomes. A repeat under the same Idempotency-Key
 * makes the same eventId, which alerts absorbs.
 */
import { eventId } from '../schemas/event-id';
import type { EventOf } from '../schemas/event';
import { requestMarks, type KeyedSource } from './request-events';
import type {
  AcknowledgeBody,
  ActionBody,
  NoteBody,
  ReopenBody,
  ResolveBody,
  SilenceBody,
  SilenceEndBody,
} from './contract/alert-command';
import type { SilenceView } from './contract/incident';

/** Who asks, as people know them. */
export interface OperatorSource extends KeyedSource {
  readonly actor: string;
}

/** The alert that is asked about, and who asks. */
export interface AlertCommandSource extends OperatorSource {
  readonly alertId: string;
  readonly orderId: string;
}

export function acknowledgeRequested(
  source: AlertCommandSource,
  { expectedVersion }: AcknowledgeBody,
): EventOf<'AlertAcknowledgeRequested'> {
  const fields = requestFields(source, 'acknowledge');
  return { type: 'AlertAcknowledgeRequested', ...fields, expectedVersion };
}

export function noteRequested(
  source: AlertCommandSource,
  { note }: NoteBody,
): EventOf<'AlertNoteRequested'> {
  return { type: 'AlertNoteRequested', ...requestFields(source, 'note'), note };
}

export function resolveRequested(
  source: AlertCommandSource,
  { expectedVersion, reason }: ResolveBody,
): EventOf<'AlertResolveRequested'> {
  const fields = requestFields(source, 'resolve');
  return { type: 'AlertResolveRequested', ...fields, expectedVersion, reason };
}

export function reopenRequested(
  source: AlertCommandSource,
  { expectedVersion, reason }: ReopenBody,
): EventOf<'AlertReopenRequested'> {
  const fields = requestFields(source, 'reopen');
  return { type: 'AlertReopenRequested', ...fields, expectedVersion, reason };
}

export function actionRequested(
  source: AlertCommandSource,
  { expectedVersion, action, reason, amount }: ActionBody,
): EventOf<'AlertActionRequested'> {
  const { idempotencyKey } = source;
  return {
    type: 'AlertActionRequested',
    ...requestFields(source, 'action'),
    expectedVersion,
    action,
    reason,
    idempotencyKey,
    amount: amount ?? null,
  };
}

export function silenced(
  source: OperatorSource,
  { rule, orderId, until, reason }: SilenceBody,
): EventOf<'Silence'> {
  const silenceId = idOf(source, 'silence');
  return {
    type: 'Silence',
    eventId: silenceId,
    occurredAt: source.at,
    causationId: source.requestId,
    correlationId: source.requestId,
    silenceId,
    matcher: { rule: rule ?? null, orderId: orderId ?? null },
    until,
    author: source.actor,
    reason,
    ...requestMarks(source),
    endedAt: null,
    endedBy: null,
    endReason: null,
  };
}

/** The silence again, with its end: the topic keeps the newest record, which must hold the audit. */
export function silenceEnded(
  source: OperatorSource,
  silence: Pick<SilenceView, 'silenceId' | 'rule' | 'orderId' | 'until' | 'author' | 'reason'>,
  { reason }: SilenceEndBody,
): EventOf<'Silence'> {
  const { silenceId, rule, orderId, until, author } = silence;
  return {
    type: 'Silence',
    eventId: idOf(source, `silence/${silenceId}/end`),
    occurredAt: source.at,
    causationId: source.requestId,
    correlationId: source.requestId,
    silenceId,
    matcher: { rule, orderId },
    until,
    author,
    reason: silence.reason,
    endedAt: source.at,
    endedBy: source.actor,
    endReason: reason,
    ...requestMarks(source),
  };
}

function requestFields(source: AlertCommandSource, role: string) {
  const { alertId, orderId, actor, at, requestId } = source;
  return {
    eventId: idOf(source, `alert/${alertId}/${role}`),
    orderId,
    occurredAt: at,
    causationId: requestId,
    correlationId: orderId,
    alertId,
    actor,
    ...requestMarks(source),
  };
}

/** Two operators may choose the same key, so the id covers who asks. */
function idOf({ userId, idempotencyKey }: KeyedSource, role: string): string {
  return eventId(JSON.stringify([userId, idempotencyKey]), role);
}
