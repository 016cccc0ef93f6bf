/**
 * Rolling a PAID order back: what was sold and used is returned, and once all of it is known to be
 * back, the order says so. The order stays PAID.
 *
 *     (none) --ROLL_BACK--> returning --all is back--> OrderRolledBack, answered SUCCEEDED
 *                             |   ^
 *      deadline: answered     |   | ROLL_BACK again asks for what is left
 *      FAILED, all the same   v   |
 *                           returning, nobody waits --all is back--> OrderRolledBack
 *
 * What always holds: a return follows the confirmation of the same pieces on the same partition,
 * and inventory and accounts return once, so asking again moves nothing twice.
 */
import type { EventOf } from '../../schemas/event';
import { orderHeader, type Cause } from '../../schemas/header';
import { answer, type ActionStarted } from './action-answer';
import {
  ABSORBED,
  decided,
  type Absorbed,
  type Decided,
  type Decision,
  type OrdersOutput,
} from './decision';
import type { PaidOrder } from './order';
import { returnRequests } from './request';

type RollBack = NonNullable<PaidOrder['rollBack']>;
type Returned = EventOf<'StockReturned' | 'FundsReturned'>;

/** Whether an operator waits for the outcome, so that the deadline stands. */
export function isRollBackAwaited(order: PaidOrder): boolean {
  return order.rollBack?.isAwaited === true;
}

export function rollBack(order: PaidOrder, started: ActionStarted, cause: Cause): Decision {
  if (order.rollBack?.actionId === started.eventId) return ABSORBED;
  if (isRollBackAwaited(order)) {
    return decided(order, order, [answer(started, 'FAILED', 'it is being rolled back', cause)]);
  }
  const left = order.rollBack ?? {
    skusLeft: order.items.map(({ sku }) => sku),
    fundsLeft: true,
  };
  if (isOver(left)) {
    return decided(order, order, [answer(started, 'SUCCEEDED', 'it had been rolled back', cause)]);
  }
  const { eventId: actionId, alertId } = started;
  const { skusLeft, fundsLeft } = left;
  const asked = { actionId, alertId, isAwaited: true, skusLeft, fundsLeft };
  const returning: PaidOrder = { ...order, rollBack: asked };
  return decided(order, returning, returnRequests(order, left, cause));
}

export function takeReturn(order: PaidOrder, returned: Returned, cause: Cause): Decision {
  const before = order.rollBack;
  if (before === null || isOver(before)) return ABSORBED;
  const after =
    returned.type === 'FundsReturned'
      ? { ...before, fundsLeft: false }
      : { ...before, skusLeft: before.skusLeft.filter((sku) => sku !== returned.sku) };
  if (!isOver(after)) return decided(order, { ...order, rollBack: after });
  const { orderId, userId, totalAmount, currency } = order;
  const header = orderHeader(cause, 'OrderRolledBack', orderId);
  const fact = {
    type: 'OrderRolledBack',
    ...header,
    userId,
    amount: totalAmount,
    currency,
  } as const;
  return decided(order, { ...order, rollBack: { ...after, isAwaited: false } }, [
    fact,
    ...answers(order, after, 'SUCCEEDED', 'stock and funds are available again', cause),
  ]);
}

/** Inventory or accounts did not answer in time; what they return later still counts. */
export function timeOutRollBack(order: PaidOrder, cause: Cause): Absorbed | Decided {
  const before = order.rollBack;
  if (before === null || !isRollBackAwaited(order)) return ABSORBED;
  const { skusLeft, fundsLeft } = before;
  const missing = [...skusLeft, ...(fundsLeft ? ['the funds'] : [])];
  const detail = `not returned in time: ${missing.join(', ')}`;
  return decided(
    order,
    { ...order, rollBack: { ...before, isAwaited: false } },
    answers(order, before, 'FAILED', detail, cause),
  );
}

function isOver({ skusLeft, fundsLeft }: Pick<RollBack, 'skusLeft' | 'fundsLeft'>): boolean {
  return skusLeft.length === 0 && !fundsLeft;
}

function answers(
  { orderId }: PaidOrder,
  { actionId: eventId, alertId, isAwaited }: RollBack,
  outcome: EventOf<'OrderActionAnswered'>['outcome'],
  detail: string,
  cause: Cause,
): readonly OrdersOutput[] {
  if (!isAwaited) return [];
  return [answer({ eventId, alertId, orderId, action: 'ROLL_BACK' }, outcome, detail, cause)];
}
