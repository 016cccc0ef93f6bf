/**
 * A user's spending limit, and how many orders and pieces the user keeps open. limit = available + held + used, and neither held nor used is ever
 * negative: every change is checked, in production too, and a change that breaks it throws. A
 * limit set below held + used makes available negative, which refuses new holds and nothing else.
 *
 *                    limit  available   held  used
 *   open            10,000     10,000      0     0
 *   hold      3,000 10,000      7,000  3,000     0
 *   capture   2,000 10,000      7,000  1,000 2,000
 *   limit     1,000  1,000     -2,000  1,000 2,000
 *   release   1,000  1,000     -1,000      0 2,000
 *   takeBack  2,000  1,000      1,000      0     0     (test: "funds move and none is lost")
 *
 * An order is open from its hold to its capture or release. One whose pieces are not known (0) was
 * held by an earlier build and is not counted, neither when it is held nor when it ends.
 */
import type { StateOf } from '../runtime/app';
import type { AccountsSettings } from './settings';

export type Account = StateOf<'AccountState'>;

export function openAccount(
  userId: string,
  { defaultLimitAmount, currency }: AccountsSettings,
): Account {
  const [limit, available] = [defaultLimitAmount, defaultLimitAmount];
  return checked({
    ...{ type: 'AccountState', userId, limit, available, held: 0, used: 0, currency },
    ...{ openOrders: 0, heldPieces: 0 },
  });
}

export function setLimit(account: Account, limit: number): Account {
  return checked({ ...account, limit, available: limit - account.held - account.used });
}

export function hold(account: Account, amount: number, pieces = 0): Account {
  const { available, held } = account;
  return checked({
    ...account,
    ...openWith(account, pieces, 1),
    available: available - amount,
    held: held + amount,
  });
}

export function release(account: Account, amount: number, pieces = 0): Account {
  const { available, held } = account;
  return checked({
    ...account,
    ...openWith(account, pieces, -1),
    available: available + amount,
    held: held - amount,
  });
}

export function capture(account: Account, amount: number, pieces = 0): Account {
  const { held, used } = account;
  return checked({
    ...account,
    ...openWith(account, pieces, -1),
    held: held - amount,
    used: used + amount,
  });
}

export function takeBack(account: Account, amount: number): Account {
  const { available, used } = account;
  return checked({ ...account, available: available + amount, used: used - amount });
}

/** One order more, or one less. */
function openWith({ openOrders, heldPieces }: Account, pieces: number, step: 1 | -1) {
  if (pieces === 0) return {};
  return { openOrders: openOrders + step, heldPieces: heldPieces + step * pieces };
}

function checked(account: Account): Account {
  const { userId, limit, available, held, used, openOrders, heldPieces } = account;
  if (openOrders < 0 || heldPieces < 0) {
    throw new Error(`${userId} has ${openOrders} open orders with ${heldPieces} pieces`);
  }
  const isSound =
    [limit, available, held, used].every((amount) => Number.isSafeInteger(amount)) &&
    [limit, held, used].every((amount) => amount >= 0) &&
    limit === available + held + used;
  if (!isSound) {
    throw new Error(`limit of ${userId}: ${limit} is not ${available} + ${held} + ${used}`);
  }
  return account;
}
