/** What operators ask of alerts, and what an action would do. */
import { Type, type Static } from '@sinclair/typebox';
import { alertRule } from './alert';
import { closedObject, currency, instant, int, long, nullable, oneOf, uuid, yen } from './fields';
import { limits } from '../limits';

const expectedVersion = int({
  minimum: 1,
  description: 'The version of the alert that was looked at; when it has changed since, 409.',
});
const reason = Type.String({
  minLength: 1,
  maxLength: limits.reasonCharactersMax,
  description: 'Why; stands in the history of the alert.',
});

export const alertAction = oneOf([
  'ASK_PAYPAY',
  'REDRIVE_ORDER',
  'REFUND',
  'ROLL_BACK',
  'RELEASE',
  'ACCEPT_AMOUNT',
  'MARK_HANDLED',
]);

export const acknowledgeBody = closedObject({ expectedVersion });
export const resolveBody = closedObject({ expectedVersion, reason });
export const reopenBody = closedObject({ expectedVersion, reason });
export const actionBody = closedObject({
  expectedVersion,
  action: alertAction,
  reason,
  amount: Type.Optional(
    long({
      minimum: 1,
      description:
        'Of REFUND: whole yen to refund of the one payment that it is about; all that is left without it.',
    }),
  ),
});
export const noteBody = closedObject({
  note: Type.String({ minLength: 1, maxLength: limits.noteCharactersMax }),
});

/** Without a rule and an order it silences every alert. */
export const silenceBody = closedObject({
  rule: Type.Optional(alertRule),
  orderId: Type.Optional(uuid),
  until: instant,
  reason,
});

export const silenceEndBody = closedObject({
  reason: Type.String({
    minLength: 1,
    maxLength: limits.reasonCharactersMax,
    description: 'Why it ends before its time; stays with the silence.',
  }),
});

/** Kafka has the request; what the alerts app makes of it stands in the alert's history. */
export const commandAccepted = closedObject({
  eventId: Type.String({ description: 'The request; the event it leads to names it as cause.' }),
});

export const silenceAccepted = closedObject({ silenceId: uuid });

export const actionPreview = closedObject({
  action: alertAction,
  possible: Type.Boolean({ description: 'False: it would fail as things stand.' }),
  movesMoney: Type.Boolean({
    description: 'Money or a spending limit moves, so whoever asks for it should be asked twice.',
  }),
  changes: Type.Array(Type.String(), {
    description: 'What it will change, or why it cannot; for people.',
  }),
  refundable: {
    ...nullable(closedObject({ amount: yen, currency })),
    description: 'Up to what can be refunded in part; null where only all or nothing can be.',
  },
});

export const alertActions = closedObject({
  alertId: uuid,
  version: int({ description: 'The version that the previews are made for.' }),
  actions: Type.Array(actionPreview, {
    description: 'What the rule offers; none of a resolved alert.',
  }),
});

export type AcknowledgeBody = Static<typeof acknowledgeBody>;
export type ResolveBody = Static<typeof resolveBody>;
export type ReopenBody = Static<typeof reopenBody>;
export type ActionBody = Static<typeof actionBody>;
export type NoteBody = Static<typeof noteBody>;
export type SilenceBody = Static<typeof silenceBody>;
export type SilenceEndBody = Static<typeof silenceEndBody>;
export type ActionPreview = Static<typeof actionPreview>;
export type CommandAccepted = Static<typeof commandAccepted>;
export type AlertActions = Static<typeof alertActions>;
export type SilenceAccepted = Static<typeof silenceAccepted>;
