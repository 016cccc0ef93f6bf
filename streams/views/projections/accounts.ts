/**
 * `accounts.events.v1` -> the funds columns of orders; `accounts.balances.v1` -> accounts.
 */
import { accountsBalances, accountsEvents } from '../../../topics/accounts';
import type { EventOn } from '../../../topics/topic';
import { projectEvents, projectLatest } from '../projection';
import { upsert, type Row } from '../table';
import { accounts, orders } from '../tables';

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
