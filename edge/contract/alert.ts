/** What the API gives of alerts. */
import { Type, type Static } from '@sinclair/typebox';
import {
  before,
  closedObject,
  currency,
  instant,
  int,
  long,
  next,
  nullable,
  offset,
  oneOf,
  partition,
  patterned,
  payload,
  uuid,
  yen,
} from './fields';
import { alertRules } from './alert-rule';
import { timelineEntry } from './order';
import { limits } from '../limits';

export const alertRule = oneOf(alertRules);
export const alertSeverity = oneOf(['P1', 'P2']);
export const alertStatus = oneOf(['OPEN', 'ACKNOWLEDGED', 'RESOLVED']);

/** Without `status` the alerts that are not resolved. */
export const alertQuery = closedObject({
  status: Type.Optional(oneOf(['OPEN', 'ACKNOWLEDGED', 'RESOLVED', 'ALL'])),
  rule: Type.Optional(alertRule),
  severity: Type.Optional(alertSeverity),
  before: Type.Optional(before),
  limit: Type.Optional(
    patterned('^[1-9][0-9]{0,2}$', 'a number from 1 to 999', {
      description: `At most ${String(limits.listRowsMax)} rows are given.`,
    }),
  ),
});

export const alertView = closedObject({
  alertId: uuid,
  rule: alertRule,
  orderId: uuid,
  severity: alertSeverity,
  status: alertStatus,
  version: int({ description: 'Raised by each lifecycle event; commands name it.' }),
  count: int({ description: 'Times it was triggered.' }),
  owner: nullable(Type.String({ description: 'Who acknowledged it.' })),
  detectedAt: instant,
  deadline: nullable(instant),
  moneyAtRisk: yen,
  currency,
  expected: Type.String(),
  observed: Type.String(),
  raisedAt: instant,
  acknowledgedAt: nullable(instant),
  resolvedAt: nullable(instant),
  resolvedBy: nullable(oneOf(['FACTS', 'SUPERSEDED', 'OPERATOR'])),
  resolution: nullable(Type.String({ description: 'What resolved it, for people.' })),
  action: nullable(Type.String({ description: 'The last repair that was asked for.' })),
  actionStatus: nullable(oneOf(['STARTED', 'PENDING', 'SUCCEEDED', 'FAILED'])),
  actionDetail: nullable(Type.String()),
});

export const moneySum = closedObject({
  currency,
  amount: long({ description: 'In the smallest unit of the currency; whole yen.' }),
});

export const alertList = closedObject({
  alerts: Type.Array(alertView, {
    maxItems: limits.listRowsMax,
    description: 'By severity, then the oldest first.',
  }),
  total: int({ description: 'Rows that match, also beyond the limit.' }),
  moneyAtRisk: Type.Array(moneySum, {
    description: 'Of the rows that match, also beyond the limit; one sum per currency.',
  }),
  next,
});

export const evidence = closedObject({
  topic: Type.String(),
  partition,
  offset,
  eventId: Type.String(),
  type: Type.String(),
  occurredAt: instant,
  loggedAt: instant,
});

export const alertHistoryEntry = closedObject({
  topic: Type.String(),
  partition,
  offset,
  eventId: Type.String(),
  type: Type.String({ description: 'AlertRaised, or the type of a lifecycle event.' }),
  version: nullable(int({ description: 'Of the alert after it; null: unchanged.' })),
  actor: nullable(Type.String({ description: 'Who; null: no person did it.' })),
  occurredAt: instant,
  loggedAt: instant,
  payload,
});

export const alertDetail = closedObject({
  alert: alertView,
  evidence: Type.Array(evidence, { description: 'The facts that raised it.' }),
  history: Type.Array(alertHistoryEntry, {
    maxItems: limits.timelineEntriesMax,
    description: `Its first ${String(limits.timelineEntriesMax)} events, oldest first; all are in …/history.`,
  }),
  timeline: Type.Array(timelineEntry, {
    maxItems: limits.timelineEntriesMax,
    description: `The newest ${String(limits.timelineEntriesMax)} of its order, by log time.`,
  }),
});

export const alertHistoryQuery = closedObject({ before: Type.Optional(before) });

export const alertHistory = closedObject({
  history: Type.Array(alertHistoryEntry, {
    maxItems: limits.listRowsMax,
    description: 'Its events, newest first.',
  }),
  next,
});

export type AlertQuery = Static<typeof alertQuery>;
export type AlertList = Static<typeof alertList>;
export type AlertView = Static<typeof alertView>;
export type AlertDetail = Static<typeof alertDetail>;
export type AlertHistory = Static<typeof alertHistory>;
export type AlertHistoryEntry = Static<typeof alertHistoryEntry>;
export type Evidence = Static<typeof evidence>;
export type MoneySum = Static<typeof moneySum>;
