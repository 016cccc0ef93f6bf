/**
 * Accounts: holds, uses, releases and returns parts of a user's spending limit as orders asks, and
 * shows the balance after each change. Owns the limits; all about a user is on one partition.
 *
 *   accounts.requests  SpendingLimitChanged u, 5,000  -> AccountBalance 5,000 / 5,000 / 0 / 0
 *                      FundsHoldRequested u, 2,000    -> FundsHeld 2,000, AccountBalance 5,000 / 3,000 / 2,000 / 0
 *                      the same once more             -> nothing
 *                      FundsCaptureRequested u, 2,000 -> FundsCaptured 2,000, AccountBalance 5,000 / 3,000 / 0 / 2,000
 *
 * (test: "a hold is captured once")
 */
import type { EventOf } from '../../schemas/event';
import { header } from '../../schemas/header';
import { accountsBalances, accountsEvents, accountsRequests } from '../../topics/accounts';
import { accountsChangelog } from '../../topics/changelogs';
import { isSameRequest } from '../../schemas/request-marks';
import type { EventOn } from '../../topics/topic';
import { defineApp, type HandlerContext, type StreamApp } from '../runtime/app';
import { openAccount, setLimit, type Account } from './account';
import { hasEnded, takeRequest, type HoldRequest } from './hold';
import { REJECTIONS, type RejectionCode } from './rejection';
import type { AccountsSettings } from './settings';
import { accountKey, holdKey, limitChangeKey } from './state-key';
import { stateAt } from '../runtime/state-at';

type AccountsState = 'AccountState' | 'FundsHoldState' | 'LimitChangeState';

type Input = EventOn<typeof accountsRequests>;
type Context = HandlerContext<AccountsState>;

/** Deletes what it stands on; the only timer of this app. */
const RETENTION = 'retention';

export function accountsApp(settings: AccountsSettings): StreamApp {
  return defineApp({
    name: 'accounts',
    inputs: [accountsRequests],
    outputs: [accountsEvents, accountsBalances],
    changelog: accountsChangelog,
    keys: keysOf,
    handle(event, context) {
      switch (event.type) {
        case 'SpendingLimitChanged':
          changeLimit(event, settings, context);
          break;
        case 'FundsHoldRequested':
        case 'FundsCaptureRequested':
        case 'FundsReleaseRequested':
        case 'FundsReturnRequested':
          answer(event, settings, context);
          break;
      }
    },
    onTimer({ key }, context) {
      context.delete(key);
    },
  });
}

function keysOf(event: Input): readonly string[] {
  const { userId } = event;
  switch (event.type) {
    case 'SpendingLimitChanged':
      return [accountKey(userId), limitChangeKey(userId, event.eventId)];
    case 'FundsHoldRequested':
    case 'FundsCaptureRequested':
    case 'FundsReleaseRequested':
    case 'FundsReturnRequested':
      return [accountKey(userId), holdKey(userId, event.orderId)];
  }
}

/**
 * The edge writes a change at least once, and a repeat of an old one must not undo a newer, so
 * each is remembered for a while. Another one under its id came with the same Idempotency-Key: the
 * first stands.
 */
function changeLimit(
  change: EventOf<'SpendingLimitChanged'>,
  settings: AccountsSettings,
  context: Context,
): void {
  const { userId, eventId, limit, currency, correlationId, requestFingerprint } = change;
  const account = accountOf(userId, settings, context);
  if (limit < 0) reject(context, 'MALFORMED_AMOUNT', `limit ${limit} of ${userId}`);
  if (currency !== account.currency) {
    reject(context, 'OTHER_CURRENCY', `limit ${limit} ${currency} of ${userId}`);
  }
  const key = limitChangeKey(userId, eventId);
  const made = stateAt(context, key, 'LimitChangeState');
  if (made !== undefined) {
    if (isSameRequest(made, change)) return;
    reject(context, 'IDEMPOTENCY_CONFLICT', `another limit of ${userId} has the id ${eventId}`);
  }
  context.put(key, { type: 'LimitChangeState', changeEventId: eventId, requestFingerprint });
  context.setTimer(key, RETENTION, context.now + settings.retentionMs);
  keepAccount(setLimit(account, limit), correlationId, context);
}

function answer(request: HoldRequest, settings: AccountsSettings, context: Context): void {
  const { userId, orderId, correlationId } = request;
  const key = holdKey(userId, orderId);
  const ledger = {
    max: settings,
    account: accountOf(userId, settings, context),
    hold: stateAt(context, key, 'FundsHoldState'),
  };
  const outcome = takeRequest(ledger, request, context.cause);
  if (outcome.kind === 'repeat') return;
  if (outcome.kind === 'illegal') {
    reject(context, outcome.code, `${request.type} of ${userId} by ${orderId}: ${outcome.what}`);
  }
  context.put(key, outcome.reservation);
  if (hasEnded(outcome.reservation))
    context.setTimer(key, RETENTION, context.now + settings.retentionMs);
  for (const event of outcome.answers) context.emit(accountsEvents, event);
  if (outcome.kind === 'moved') keepAccount(outcome.balance, correlationId, context);
}

/** A user is not kept before the first change: the default limit may be set anew until then. */
function accountOf(userId: string, settings: AccountsSettings, context: Context): Account {
  return stateAt(context, accountKey(userId), 'AccountState') ?? openAccount(userId, settings);
}

function keepAccount(account: Account, correlationId: string, context: Context): void {
  const { userId, limit, available, held, used, currency } = account;
  context.put(accountKey(userId), account);
  context.emit(accountsBalances, {
    type: 'AccountBalance',
    ...header(context.cause, 'AccountBalance', correlationId),
    userId,
    limit,
    available,
    held,
    used,
    currency,
  });
}

function reject(context: Context, code: RejectionCode, what: string): never {
  return context.reject(code, `${what}. ${REJECTIONS[code]}`);
}
