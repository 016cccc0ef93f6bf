import { UNMARKED } from '../../../../schemas/request-marks';
import type { EventOf } from '../../../../schemas/event';
import {
  accountsProjection,
  limitChangesProjection,
  orderFundsProjection,
} from '../../../../streams/views/projections/accounts';
import { projected } from '../projected';
import { LOGGED_AT, fundsHeld, ofOrder, ofThing } from '../sample-events';

const order = { table: 'orders', order_id: 'o1' };

describe('the funds of an order', () => {
  it('are HELD, then CAPTURED, RELEASED or RETURNED', () => {
    const fields = { userId: 'user-1', amount: 2_200, currency: 'JPY' };
    const events = [
      fundsHeld('o1'),
      ofOrder<EventOf<'FundsCaptured'>>('o1', { type: 'FundsCaptured', ...fields }),
      ofOrder<EventOf<'FundsReleased'>>('o1', { type: 'FundsReleased', ...fields }),
      ofOrder<EventOf<'FundsReturned'>>('o1', { type: 'FundsReturned', ...fields }),
    ];
    expect(events.map((event) => projected(orderFundsProjection, event))).toEqual([
      [{ ...order, funds_status: 'HELD' }],
      [{ ...order, funds_status: 'CAPTURED' }],
      [{ ...order, funds_status: 'RELEASED' }],
      [{ ...order, funds_status: 'RETURNED' }],
    ]);
  });

  it('say why the hold was REJECTED', () => {
    const rejected = ofOrder<EventOf<'FundsHoldRejected'>>('o1', {
      type: 'FundsHoldRejected',
      userId: 'user-1',
      amount: 2_200,
      currency: 'JPY',
      reason: 'OVER_LIMIT',
      available: 100,
      ...{ exceeded: 'SPENDING_LIMIT', allowed: 0, open: 0 },
    });
    expect(projected(orderFundsProjection, rejected)).toEqual([
      { ...order, funds_status: 'REJECTED', funds_reason: 'OVER_LIMIT' },
    ]);
  });
});

describe('the account of a user', () => {
  it('is a whole row, whose available part may be negative', () => {
    const balance = ofThing<'AccountBalance'>(
      {
        type: 'AccountBalance',
        userId: 'user-1',
        limit: 1_000,
        available: -500,
        held: 1_500,
        used: 0,
        currency: 'JPY',
      },
      'user-1',
    );
    expect(projected(accountsProjection, balance)).toEqual([
      {
        table: 'accounts',
        user_id: 'user-1',
        spending_limit: 1_000,
        available: -500,
        held: 1_500,
        used: 0,
        currency: 'JPY',
        updated_at: LOGGED_AT,
        source_partition: 3,
      },
    ]);
  });
});

describe('a change of a spending limit', () => {
  it('is a row of who set it, and why', () => {
    const changed = ofThing<'SpendingLimitChanged'>(
      {
        type: 'SpendingLimitChanged',
        userId: 'user-1',
        limit: 5_000,
        currency: 'JPY',
        actor: 'ops-1',
        reason: 'a typing error',
        ...UNMARKED,
      },
      'user-1',
    );
    expect(projected(limitChangesProjection, changed)).toEqual([
      {
        table: 'spending_limit_changes',
        event_id: changed.eventId,
        user_id: 'user-1',
        spending_limit: 5_000,
        currency: 'JPY',
        reason: 'a typing error',
        actor: 'ops-1',
        changed_at: LOGGED_AT,
      },
    ]);
  });
});
