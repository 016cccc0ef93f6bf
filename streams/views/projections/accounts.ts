/**
 * `accounts.events.v1` -> the funds columns of orders; `accounts.balances.v1` -> accounts;
 * `accounts.requests.v1` -> spending_limit_changes.
 */
import { accountsBalances, accountsEvents, accountsRequests } from '../../../topics/accounts';
import type { EventOn } from '../../../topics/topic';
import { projectEvents, projectLatest } from '../projection';
import { upsert, type Row } from '../table';
import { accounts, orders, spendingLimitChanges } from '../tables';

export const orderFundsProjection = projectEvents(accountsEvents, (event) => [
  upsert(orders, { order_id: event.orderId, ...fundsColumns(event) }),
]);

function fundsColumns(event: EventOn<typeof accountsEvents>): Row<typeof orders> {
  switch (event.type) {
    case 'FundsHeld':
      return { funds_status: 'HELD' };
    case 'FundsHoldRejected':
      return { funds_status: 'REJECTED', funds_reason: event.reason };
    case 'FundsCaptured':
      return { funds_status: 'CAPTURED' };
    case 'FundsReleased':
      return { funds_status: 'RELEASED' };
    case 'FundsReturned':
      return { funds_status: 'RETURNED' };
  }
}

export const accountsProjection = projectLatest(accountsBalances, accounts, (event, position) =>
  upsert(accounts, {
    user_id: event.userId,
    spending_limit: event.limit,
    available: event.available,
    held: event.held,
    used: event.used,
    currency: event.currency,
    updated_at: position.timestamp,
    source_partition: position.partition,
  }),
);

export const limitChangesProjection = projectEvents(accountsRequests, (event, position) => {
  if (event.type !== 'SpendingLimitChanged') return [];
  return [
    upsert(spendingLimitChanges, {
      event_id: event.eventId,
      user_id: event.userId,
      spending_limit: event.limit,
      currency: event.currency,
      reason: event.reason,
      actor: event.actor,
      changed_at: position.timestamp,
    }),
  ];
});
