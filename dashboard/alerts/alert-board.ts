/**
 * All alerts that the page knows, by id, as AlertRaised and the lifecycle events make them. Pure.
 *
 * What always holds: an alert is never older than an event that was taken, whatever comes first:
 * the two topics need no order among each other, so a lifecycle event may come before its alert and
 * waits for it, and an older version never replaces a newer one.
 */
import type { AlertView, TimelineEntry } from '../../edge/contract/api-types';
import type { EventOf } from '../../schemas/event';
import { eventOf } from '../live/event-of';

/** A board that stays open for days keeps this many alerts that are over; the oldest leave first. */
const RESOLVED_KEPT_MAX = 500;
/** Alerts whose first event is still to come; more means that it will not come. */
const EARLY_ALERTS_MAX = 200;

const CHANGES = [
  'AlertRepeated',
  'AlertMoneyAtRiskChanged',
  'AlertAcknowledged',
  'AlertNoted',
  'AlertActionStarted',
  'AlertActionPending',
  'AlertActionSucceeded',
  'AlertActionFailed',
  'AlertResolved',
  'AlertReopened',
] as const;
type AlertChange = EventOf<(typeof CHANGES)[number]> & { readonly loggedAt: number };

export interface AlertBoard {
  readonly alerts: ReadonlyMap<string, AlertView>;
  /** Changes of alerts that are not on the board. */
  readonly early: ReadonlyMap<string, readonly AlertChange[]>;
  /** Log time of the newest event that was seen; null: none yet. */
  readonly lastEventAt: number | null;
}

export const emptyBoard: AlertBoard = { alerts: new Map(), early: new Map(), lastEventAt: null };

/** Puts alerts on the board that were read elsewhere. */
export function withAlerts(board: AlertBoard, read: readonly AlertView[]): AlertBoard {
  const draft = draftOf(board);
  for (const alert of read) {
    put(draft, alert);
    draft.lastEventAt = Math.max(draft.lastEventAt ?? 0, ...instantsOf(alert));
  }
  return finished(draft);
}

/** Events in the order in which they came. */
export function withEvents(board: AlertBoard, entries: readonly TimelineEntry[]): AlertBoard {
  const draft = draftOf(board);
  for (const entry of entries) {
    draft.lastEventAt = Math.max(draft.lastEventAt ?? 0, entry.loggedAt);
    if (entry.type === 'AlertRaised') put(draft, raisedAlert(entry));
    else if (isChange(entry.type))
      change(draft, { ...eventOf<AlertChange['type']>(entry), loggedAt: entry.loggedAt });
  }
  return finished(draft);
}

export function withoutAlert(board: AlertBoard, alertId: string): AlertBoard {
  const draft = draftOf(board);
  draft.alerts.delete(alertId);
  return finished(draft);
}

/** Open by an operator's hand though nobody here knows them: they must be read from the edge. */
export function reopenedElsewhere({ early }: AlertBoard): readonly string[] {
  return [...early].flatMap(([alertId, changes]) =>
    changes.some(({ type }) => type === 'AlertReopened') ? [alertId] : [],
  );
}

/** In the order of the ids, those that are known. */
export function alertsAmong(
  known: AlertBoard['alerts'],
  alertIds: readonly string[],
): readonly AlertView[] {
  return alertIds.flatMap((alertId) => known.get(alertId) ?? []);
}

export function isResolved({ status }: AlertView): boolean {
  return status === 'RESOLVED';
}

interface Draft {
  readonly alerts: Map<string, AlertView>;
  readonly early: Map<string, readonly AlertChange[]>;
  lastEventAt: number | null;
}

function draftOf({ alerts, early, lastEventAt }: AlertBoard): Draft {
  return { alerts: new Map(alerts), early: new Map(early), lastEventAt };
}

function finished({ alerts, early, lastEventAt }: Draft): AlertBoard {
  const resolved = [...alerts.values()].filter(isResolved);
  const surplus = resolved.length - RESOLVED_KEPT_MAX;
  if (surplus > 0) {
    resolved.sort((a, b) => (a.resolvedAt ?? 0) - (b.resolvedAt ?? 0));
    for (const { alertId } of resolved.slice(0, surplus)) alerts.delete(alertId);
  }
  for (const alertId of [...early.keys()].slice(0, Math.max(0, early.size - EARLY_ALERTS_MAX))) {
    early.delete(alertId);
  }
  return { alerts, early, lastEventAt };
}

function put(draft: Draft, alert: AlertView): void {
  const known = draft.alerts.get(alert.alertId);
  const newer = known === undefined || known.version <= alert.version ? alert : known;
  const early = draft.early.get(alert.alertId) ?? [];
  draft.early.delete(alert.alertId);
  draft.alerts.set(alert.alertId, early.reduce(changed, newer));
}

function change(draft: Draft, event: AlertChange): void {
  const known = draft.alerts.get(event.alertId);
  if (known !== undefined) {
    draft.alerts.set(event.alertId, changed(known, event));
    return;
  }
  const waiting = draft.early.get(event.alertId) ?? [];
  draft.early.set(event.alertId, [...waiting, event]);
}

function isChange(type: string): type is AlertChange['type'] {
  return (CHANGES as readonly string[]).includes(type);
}

function raisedAlert({ payload, loggedAt }: TimelineEntry): AlertView {
  const event = eventOf<'AlertRaised'>({ type: 'AlertRaised', payload });
  const { alertId, rule, orderId, severity, detectedAt, deadline } = event;
  const { moneyAtRisk, currency, expected, observed } = event;
  return {
    ...{ alertId, rule, orderId, severity, detectedAt, deadline },
    ...{ moneyAtRisk, currency, expected, observed },
    status: 'OPEN',
    version: 1,
    count: 1,
    owner: null,
    raisedAt: loggedAt,
    acknowledgedAt: null,
    resolvedAt: null,
    resolvedBy: null,
    resolution: null,
    action: null,
    actionStatus: null,
    actionDetail: null,
  };
}

/** The same event twice, or one that the alert is past, changes nothing. */
function changed(alert: AlertView, event: AlertChange): AlertView {
  if (event.version <= alert.version) return alert;
  return { ...alert, version: event.version, ...changedFields(event) };
}

/**
 * The views keep the same facts as columns (streams/views/projections/alerts.ts), by other names and
 * with one more: a screen imports no table, and a table no screen, so the list stands in both.
 */
function changedFields(event: AlertChange): Partial<AlertView> {
  switch (event.type) {
    case 'AlertRepeated':
      return { count: event.count };
    case 'AlertAcknowledged':
      return { status: 'ACKNOWLEDGED', owner: event.owner, acknowledgedAt: event.loggedAt };
    case 'AlertNoted':
      return {};
    case 'AlertActionStarted':
      return { action: event.action, actionStatus: 'STARTED', actionDetail: event.reason };
    case 'AlertMoneyAtRiskChanged':
      return { moneyAtRisk: event.moneyAtRisk, observed: event.observed };
    case 'AlertActionPending':
      return { action: event.action, actionStatus: 'PENDING', actionDetail: event.detail };
    case 'AlertActionSucceeded':
      return { action: event.action, actionStatus: 'SUCCEEDED', actionDetail: event.detail };
    case 'AlertActionFailed':
      return { action: event.action, actionStatus: 'FAILED', actionDetail: event.detail };
    case 'AlertResolved':
      return {
        status: 'RESOLVED',
        resolvedAt: event.loggedAt,
        resolvedBy: event.resolvedBy,
        resolution: event.detail,
      };
    case 'AlertReopened':
      return {
        ...{ status: 'OPEN', owner: null, acknowledgedAt: null },
        ...{ resolvedAt: null, resolvedBy: null, resolution: null },
      };
  }
}

function instantsOf({ raisedAt, acknowledgedAt, resolvedAt }: AlertView): readonly number[] {
  return [raisedAt, acknowledgedAt ?? 0, resolvedAt ?? 0];
}
