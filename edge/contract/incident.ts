/** Alerts of one cause, as one thing to look at. */
import { Type, type Static } from '@sinclair/typebox';
import { alertRule, alertSeverity } from './alert';
import { limits } from '../limits';
import {
  before,
  closedObject,
  currency,
  instant,
  int,
  long,
  next,
  nullable,
  oneOf,
  uuid,
} from './fields';

export const conditionName = oneOf(['WEBHOOKS_SILENT', 'PAYPAY_DEGRADED']);

export const condition = closedObject({
  condition: conditionName,
  since: instant,
  detail: Type.String(),
});

const silenceFields = {
  silenceId: uuid,
  rule: nullable(alertRule),
  orderId: nullable(uuid),
  until: instant,
  author: Type.String(),
  reason: Type.String(),
};

export const silence = closedObject(silenceFields);

export const silenceRecord = closedObject({
  ...silenceFields,
  endedAt: {
    ...nullable(instant),
    description: 'When somebody ended it before its time; null: nobody did.',
  },
  endedBy: nullable(Type.String()),
  endReason: nullable(Type.String()),
});

export const silenceQuery = closedObject({ before: Type.Optional(before) });

export const silenceList = closedObject({
  silences: Type.Array(silenceRecord, {
    maxItems: limits.listRowsMax,
    description: `The newest by their last change, at most ${String(limits.listRowsMax)}; over and ended ones too.`,
  }),
  next,
});

export const incident = closedObject({
  incidentId: Type.String({ description: 'The same as long as its first alert is unresolved.' }),
  rule: alertRule,
  severity: alertSeverity,
  startedAt: instant,
  lastDetectedAt: instant,
  moneyAtRisk: long({ description: 'Whole yen of all its alerts.' }),
  currency,
  count: int({ minimum: 0, description: 'Its unresolved alerts.' }),
  alertIds: Type.Array(uuid, {
    description: `The oldest of them, at most ${String(limits.listRowsMax)}.`,
  }),
  explainedBy: nullable(conditionName),
  quiet: Type.Boolean({
    description: 'A condition explains it, or all its alerts are silenced; shown without urgency.',
  }),
});

export const incidentQuery = closedObject({ before: Type.Optional(before) });

export const incidentList = closedObject({
  incidents: Type.Array(incident, {
    maxItems: limits.listRowsMax,
    description: 'Loud before quiet, then the oldest first.',
  }),
  conditions: Type.Array(condition, { description: 'Those that are active.' }),
  silences: Type.Array(silence, {
    maxItems: limits.listRowsMax,
    description: 'Those in force: neither over nor ended.',
  }),
  next,
});

export type IncidentView = Static<typeof incident>;
export type ConditionView = Static<typeof condition>;
export type SilenceView = Static<typeof silence>;
export type IncidentList = Static<typeof incidentList>;
export type SilenceQuery = Static<typeof silenceQuery>;
export type SilenceRecord = Static<typeof silenceRecord>;
export type SilenceList = Static<typeof silenceList>;
