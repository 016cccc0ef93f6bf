/**
 * What operators asked for: every request leaves its one trace, every action that began has its one
 * answer and its one end, and every event of an alert raises its version by one.
 */
import type { EventType } from '../../../schemas/event';
import {
  alertsActionResults,
  alertsLifecycle,
  alertsRaised,
  alertsRequests,
} from '../../../topics/alerts';
import { PERFORMER_OF_ACTION } from '../../../topics/alert-action-contract';
import { grouped, type CommittedLog } from './committed-log';
import { expectEqual } from './order-history';

/** The event by which a request of an operator was taken. */
const TRACES: ReadonlySet<EventType> = new Set([
  'AlertAcknowledged',
  'AlertNoted',
  'AlertReopened',
  'AlertActionStarted',
]);

/** What ends an action; of one that is pending at PayPay the payment's own events tell the rest. */
const ENDS: ReadonlySet<EventType> = new Set([
  'AlertActionSucceeded',
  'AlertActionFailed',
  'AlertActionPending',
]);

export function checkActions(log: CommittedLog): readonly string[] {
  return [...checkRequests(log), ...checkOutcomes(log), ...checkVersions(log)];
}

/** A request that the edge wrote twice is refused twice or taken once. */
function checkRequests(log: CommittedLog): readonly string[] {
  const requests = grouped(
    log.on(alertsRequests).map(({ event }) => event),
    ({ eventId }) => eventId,
  );
  const traces = grouped(
    log.on(alertsLifecycle).map(({ event }) => event),
    ({ causationId }) => causationId,
  );
  return [...requests].flatMap(([id, copies]) => {
    const [request] = copies;
    const own = traces.get(id) ?? [];
    const refused = own.filter(({ type }) => type === 'AlertCommandRefused').length;
    const isResolution = request?.type === 'AlertResolveRequested';
    const taken = own.filter(
      ({ type }) => TRACES.has(type) || (isResolution && type === 'AlertResolved'),
    ).length;
    const isRight = taken === 1 ? refused === 0 : taken === 0 && refused === copies.length;
    const what = `${String(request?.type)} ${id}, written ${copies.length} times`;
    return isRight ? [] : [`${what}: taken ${taken} times, refused ${refused} times`];
  });
}

function checkOutcomes(log: CommittedLog): readonly string[] {
  const answers = grouped(
    log.on(alertsActionResults).map(({ event }) => event),
    ({ actionId }) => actionId,
  );
  const ends = grouped(
    log
      .on(alertsLifecycle)
      .flatMap(({ event }) => (ENDS.has(event.type) && 'actionId' in event ? [event] : [])),
    ({ actionId }) => actionId,
  );
  return log.on(alertsLifecycle).flatMap(({ event }) => {
    if (event.type !== 'AlertActionStarted') return [];
    const { action, eventId, orderId } = event;
    const asked = PERFORMER_OF_ACTION[action] === 'alerts' ? 0 : 1;
    const what = `${action} on order ${orderId}`;
    return [
      ...expectEqual(`answers to ${what}`, answers.get(eventId)?.length ?? 0, asked),
      ...expectEqual(`ends of ${what}`, ends.get(eventId)?.length ?? 0, 1),
    ];
  });
}

function checkVersions(log: CommittedLog): readonly string[] {
  const raised = log.on(alertsRaised).map(({ event }) => event.alertId);
  const lifecycle = grouped(
    log.on(alertsLifecycle).flatMap(({ event }) => ('version' in event ? [event] : [])),
    ({ alertId }) => alertId,
  );
  const strangers = [...lifecycle.keys()].filter((alertId) => !raised.includes(alertId));
  return [
    ...strangers.map((alertId) => `alert ${alertId} lives and was never raised`),
    ...[...lifecycle].flatMap(([alertId, events]) => {
      const versions = events.map(({ version }) => version);
      const isRight = versions.every((version, index) => version === index + 2);
      return isRight ? [] : [`alert ${alertId} has the versions ${versions.join(', ')}`];
    }),
  ];
}
