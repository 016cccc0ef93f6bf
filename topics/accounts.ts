import { COMPACT, KEEP, defineTopic } from './topic';

export const accountsRequests = defineTopic({
  name: 'accounts.requests.v1',
  types: [
    'FundsHoldRequested',
    'FundsCaptureRequested',
    'FundsReleaseRequested',
    'FundsReturnRequested',
    'SpendingLimitChanged',
  ],
  key: (event) => event.userId,
  cleanup: KEEP,
});

export const accountsEvents = defineTopic({
  name: 'accounts.events.v1',
  types: ['FundsHeld', 'FundsHoldRejected', 'FundsCaptured', 'FundsReleased', 'FundsReturned'],
  key: (event) => event.orderId,
  cleanup: KEEP,
});

export const accountsBalances = defineTopic({
  name: 'accounts.balances.v1',
  types: ['AccountBalance'],
  key: (event) => event.userId,
  cleanup: COMPACT,
});
