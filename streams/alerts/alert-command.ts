/**
 * What a request of an operator does to an alert.
 *
 *                     OPEN                              RESOLVED
 *     acknowledge     AlertAcknowledged                 ALREADY_RESOLVED
 *     note            AlertNoted                        AlertNoted
 *     resolve         AlertResolved, by hand            ALREADY_RESOLVED
 *     reopen          NOT_RESOLVED                      AlertReopened
 *     action          AlertActionStarted, one at a time ALREADY_RESOLVED
 *
 * What always holds:
 * - A request names the version that its actor saw; when the alert has moved on, by facts or by
 *   another operator, it is refused. A note adds and takes nothing away, so it names none.
 * - A repeat of a request that was taken is absorbed; one that was refused is refused again.
 *   Another request under the id of one that was taken came with its Idempotency-Key, and is refused.
 * - Every request that is not a repeat leaves exactly one trace on the lifecycle topic: the audit
 *   is that topic.
 */
import type { EventOf } from '../../schemas/event';
import { isSameRequest } from '../../schemas/request-marks';
import type { LogPosition } from '../runtime/app';
import { startAction } from './action-start';
import type { AlertMemory } from './alert';
import { alertWithId, isNewest, withAlert } from './alert-memory';
import {
  commandHeader,
  refused,
  type AlertRequest,
  type CommandStep,
  type LifecycleEvent,
  type RefusalReason,
} from './command-step';
import type { OpenOrderAlerts, OrderAlerts } from './order-alerts';
import { COMMANDS_REMEMBERED_MAX } from './settings';

export type CommandTaken =
  | { readonly kind: 'taken'; readonly order: OpenOrderAlerts; readonly events: LifecycleEvent[] }
  /** A repeat; nothing changes. */
  | { readonly kind: 'absorbed' }
  | { readonly kind: 'refused'; readonly event: EventOf<'AlertCommandRefused'> };

export function takeCommand(
  order: OrderAlerts | undefined,
  request: AlertRequest,
  position: LogPosition,
): CommandTaken {
  if (order?.alerts.some((alert) => isRepeat(alert, request))) return { kind: 'absorbed' };
  const alert = order === undefined ? undefined : alertWithId(order.alerts, request.alertId);
  if (order === undefined || alert === undefined) {
    return { kind: 'refused', event: refusal(request, 'UNKNOWN_ALERT', 0, position) };
  }
  const result = refusedBefore(alert, request) ?? step(alert, request, order, position.timestamp);
  if (result.kind === 'refused') {
    return { kind: 'refused', event: refusal(request, result.reason, alert.version, position) };
  }
  const alerts = withAlert(order.alerts, { ...result.alert, ...withCommand(alert, request) });
  return {
    kind: 'taken',
    order: { ...order, type: 'OrderAlertsState', alerts },
    events: result.events,
  };
}

function isRepeat(alert: AlertMemory, request: AlertRequest): boolean {
  const { eventId } = request;
  if (!alert.commands.includes(eventId)) return false;
  return isSameRequest({ requestFingerprint: alert.commandFingerprints[eventId] ?? '' }, request);
}

/** Whatever the request asks for. */
function refusedBefore(alert: AlertMemory, request: AlertRequest): CommandStep | undefined {
  if (alert.commands.includes(request.eventId)) return refused('IDEMPOTENCY_CONFLICT');
  const isStale = 'expectedVersion' in request && request.expectedVersion !== alert.version;
  return isStale ? refused('STALE_VERSION') : undefined;
}

function withCommand(
  alert: AlertMemory,
  { eventId, requestFingerprint }: AlertRequest,
): Pick<AlertMemory, 'commands' | 'commandFingerprints'> {
  const commands = [...alert.commands, eventId].slice(-COMMANDS_REMEMBERED_MAX);
  const known = { ...alert.commandFingerprints, [eventId]: requestFingerprint };
  const kept = Object.entries(known).filter(
    ([id, fingerprint]) => fingerprint !== '' && commands.includes(id),
  );
  return { commands, commandFingerprints: Object.fromEntries(kept) };
}

function step(
  alert: AlertMemory,
  request: AlertRequest,
  order: OrderAlerts,
  now: number,
): CommandStep {
  const isOpen = alert.status === 'OPEN';
  switch (request.type) {
    case 'AlertAcknowledgeRequested':
      return isOpen ? acknowledge(alert, request, now) : refused('ALREADY_RESOLVED');
    case 'AlertNoteRequested':
      return note(alert, request, now);
    case 'AlertResolveRequested':
      return isOpen ? resolveByHand(alert, request, now) : refused('ALREADY_RESOLVED');
    case 'AlertReopenRequested':
      if (isOpen) return refused('NOT_RESOLVED');
      // Two open alerts of one rule would speak of the same contradiction.
      return isNewest(order.alerts, alert) ? reopen(alert, request, now) : refused('UNKNOWN_ALERT');
    case 'AlertActionRequested':
      return isOpen ? startAction(alert, request, order, now) : refused('ALREADY_RESOLVED');
  }
}

function acknowledge(
  alert: AlertMemory,
  request: EventOf<'AlertAcknowledgeRequested'>,
  now: number,
): CommandStep {
  const header = commandHeader(request, 'acknowledged', now);
  const version = alert.version + 1;
  return {
    kind: 'step',
    alert: { ...alert, version },
    events: [{ type: 'AlertAcknowledged', ...header, version, owner: request.actor }],
  };
}

function note(
  alert: AlertMemory,
  request: EventOf<'AlertNoteRequested'>,
  now: number,
): CommandStep {
  const { actor, note: text } = request;
  const header = commandHeader(request, 'noted', now);
  const version = alert.version + 1;
  return {
    kind: 'step',
    alert: { ...alert, version },
    events: [{ type: 'AlertNoted', ...header, version, actor, note: text }],
  };
}

function resolveByHand(
  alert: AlertMemory,
  request: EventOf<'AlertResolveRequested'>,
  now: number,
): CommandStep {
  const { actor, reason } = request;
  const version = alert.version + 1;
  return {
    kind: 'step',
    alert: { ...alert, status: 'RESOLVED', version },
    events: [
      {
        type: 'AlertResolved',
        ...commandHeader(request, 'resolved', now),
        rule: alert.rule,
        version,
        resolvedBy: 'OPERATOR',
        actor,
        detail: reason,
        evidence: [],
      },
    ],
  };
}

function reopen(
  alert: AlertMemory,
  request: EventOf<'AlertReopenRequested'>,
  now: number,
): CommandStep {
  const { actor, reason } = request;
  const version = alert.version + 1;
  const header = commandHeader(request, 'reopened', now);
  return {
    kind: 'step',
    alert: { ...alert, status: 'OPEN', version },
    events: [{ type: 'AlertReopened', ...header, version, actor, reason }],
  };
}

/** Its id derives from the record's place as well: a request that is refused may stand there twice. */
function refusal(
  request: AlertRequest,
  reason: RefusalReason,
  currentVersion: number,
  { offset, timestamp }: LogPosition,
): EventOf<'AlertCommandRefused'> {
  return {
    type: 'AlertCommandRefused',
    ...commandHeader(request, `refused@${String(offset)}`, timestamp),
    actor: request.actor,
    command: request.type,
    reason,
    currentVersion,
  };
}
