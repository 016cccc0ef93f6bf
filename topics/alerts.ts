import { COMPACT, KEEP, defineTopic } from './topic';

export const alertsRaised = defineTopic({
  name: 'alerts.order_payment_inconsistency.v1',
  types: ['AlertRaised'],
  key: (event) => event.orderId,
  cleanup: KEEP,
});

export const alertsRequests = defineTopic({
  name: 'alerts.requests.v1',
  types: [
    'AlertAcknowledgeRequested',
    'AlertResolveRequested',
    'AlertReopenRequested',
    'AlertActionRequested',
    'AlertNoteRequested',
  ],
  key: (event) => event.orderId,
  cleanup: KEEP,
});

export const alertsLifecycle = defineTopic({
  name: 'alerts.lifecycle.v1',
  types: [
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
    'AlertCommandRefused',
  ],
  key: (event) => event.orderId,
  cleanup: KEEP,
});

/** How actions went, from the participants that carry them out; alerts puts it on the alert. */
export const alertsActionResults = defineTopic({
  name: 'alerts.action-results.v1',
  types: ['OrderActionAnswered', 'PaymentActionAnswered'],
  key: (event) => event.orderId,
  cleanup: KEEP,
});

export const alertsSilences = defineTopic({
  name: 'alerts.silences.v1',
  types: ['Silence'],
  key: (event) => event.silenceId,
  cleanup: COMPACT,
});

export const alertsConditions = defineTopic({
  name: 'alerts.conditions.v1',
  types: ['Condition'],
  key: (event) => event.condition,
  cleanup: COMPACT,
});
