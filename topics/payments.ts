import { KEEP, defineTopic } from './topic';

export const paymentsNotifications = defineTopic({
  name: 'payments.notifications.v1',
  types: ['PaymentNotificationReceived', 'WebhookSetAside'],
  /** What belongs to no order of ours must not gather in one partition. */
  key: (event) => (event.type === 'WebhookSetAside' ? event.eventId : event.orderId),
  cleanup: KEEP,
});

/** What operators ask of payments, whatever the order's alerts. */
export const paymentsRequests = defineTopic({
  name: 'payments.requests.v1',
  types: ['PaymentCheckRequested'],
  key: (event) => event.orderId,
  cleanup: KEEP,
});

export const paymentsGatewayRequests = defineTopic({
  name: 'payments.gateway-requests.v1',
  types: [
    'CodeCreationRequested',
    'PaymentStatusRequested',
    'CodeDeletionRequested',
    'RefundRequested',
    'RefundStatusRequested',
    'AuthorizationRevertRequested',
  ],
  key: (event) => event.orderId,
  cleanup: KEEP,
});

export const paymentsGatewayResults = defineTopic({
  name: 'payments.gateway-results.v1',
  types: [
    'CodeCreated',
    'CodeCreationFailed',
    'PaymentStatusObserved',
    'PaymentStatusUnavailable',
    'CodeDeleted',
    'CodeDeletionFailed',
    'RefundAccepted',
    'RefundCompleted',
    'RefundFailed',
    'AuthorizationReverted',
    'AuthorizationRevertFailed',
  ],
  key: (event) => event.orderId,
  cleanup: KEEP,
});

export const paymentsEvents = defineTopic({
  name: 'payments.events.v1',
  types: [
    'PaymentCodeIssued',
    'PaymentSucceeded',
    'PaymentFailed',
    'PaymentExpired',
    'PaymentRefundPending',
    'PaymentRefunded',
    'PaymentRefundFailed',
    'PaymentAuthorizationStuck',
  ],
  key: (event) => event.orderId,
  cleanup: KEEP,
});

/** All counts have one key, so that they are judged together. */
export const paymentsSettlements = defineTopic({
  name: 'payments.settlements.v1',
  types: ['SettlementsCounted'],
  key: () => 'webhooks',
  cleanup: KEEP,
});
