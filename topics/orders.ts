import { KEEP, defineTopic } from './topic';

export const ordersRequests = defineTopic({
  name: 'orders.requests.v1',
  types: ['PurchaseRequested', 'CancellationRequested'],
  key: (event) => event.orderId,
  cleanup: KEEP,
});

export const ordersEvents = defineTopic({
  name: 'orders.events.v1',
  types: [
    'OrderCreated',
    'OrderWaitingPayment',
    'OrderCancellationStarted',
    'OrderPaid',
    'OrderFailed',
    'OrderPaymentRecorded',
    'OrderRefunded',
    'OrderRolledBack',
  ],
  key: (event) => event.orderId,
  cleanup: KEEP,
});
