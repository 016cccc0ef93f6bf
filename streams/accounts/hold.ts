/**
 * What becomes of the funds that one order asks for. Each request moves a hold at most once; a
 * repeat changes nothing and is not answered again. A release gives back what was held, not what
 * the request says.
 *
 *              hold            capture            return
 *   (none) -----------> HELD ----------> CAPTURED ----------> RETURNED
 *     | \                 |
 *     |  \ over the limit | release
 *     |   \               v
 *     |    \          RELEASED
 *     |     +--------------------------> REJECTED
 *     | release                             ^
 *     +-----------> WITHDRAWN --------------+
 *                                hold
 *
 * A release follows its hold on one partition, so WITHDRAWN takes a record that was lost and sent
 * again by hand; the hold that comes after it must not keep funds for ever.
 */
import type { EventOf } from '../../schemas/event';
import { orderHeader, type Cause } from '../../schemas/header';
import type { accountsEvents } from '../../topics/accounts';
import type { EventOn } from '../../topics/topic';
import type { StateOf } from '../runtime/app';
import { capture, hold, release, takeBack, type Account } from './account';
import type { RejectionCode } from './rejection';

export type FundsHold = StateOf<'FundsHoldState'>;
export type HoldStatus = FundsHold['status'];
export type FundsAnswer = EventOn<typeof accountsEvents>;

/** What is known of the user and the order's hold before the request is looked at. */
export interface Ledger {
  readonly account: Account;
  readonly hold: FundsHold | undefined;
}

export type HoldRequest = EventOf<
  'FundsHoldRequested' | 'FundsCaptureRequested' | 'FundsReleaseRequested' | 'FundsReturnRequested'
>;

export type Outcome =
  | { readonly kind: 'repeat' }
  | { readonly kind: 'illegal'; readonly code: RejectionCode; readonly what: string }
  /** Remembered; no yen moved. A withdrawal has no answer, because nobody waits for one. */
  | { readonly kind: 'noted'; readonly hold: FundsHold; readonly answers: readonly FundsAnswer[] }
  | {
      readonly kind: 'moved';
      readonly hold: FundsHold;
      readonly answers: readonly FundsAnswer[];
      readonly account: Account;
    };

type LaterRequest = Exclude<HoldRequest, { type: 'FundsHoldRequested' }>;

interface Step {
  readonly from: HoldStatus;
  readonly to: HoldStatus;
  /** Where the request finds its work done, or nothing to do. */
  readonly repeats: readonly HoldStatus[];
  readonly answer: 'FundsCaptured' | 'FundsReleased' | 'FundsReturned';
  readonly move: (account: Account, amount: number) => Account;
}

const STEPS: Readonly<Record<LaterRequest['type'], Step>> = {
  FundsCaptureRequested: {
    from: 'HELD',
    to: 'CAPTURED',
    repeats: ['CAPTURED', 'RETURNED'],
    answer: 'FundsCaptured',
    move: capture,
  },
  FundsReleaseRequested: {
    from: 'HELD',
    to: 'RELEASED',
    repeats: ['RELEASED', 'REJECTED', 'WITHDRAWN'],
    answer: 'FundsReleased',
    move: release,
  },
  FundsReturnRequested: {
    from: 'CAPTURED',
    to: 'RETURNED',
    repeats: ['RETURNED'],
    answer: 'FundsReturned',
    move: takeBack,
  },
};

/** Keeps no funds and never will, so it needs to be known only as long as repeats may come. */
export function hasEnded({ status }: FundsHold): boolean {
  switch (status) {
    case 'HELD':
    case 'CAPTURED':
      return false;
    case 'RETURNED':
    case 'RELEASED':
    case 'REJECTED':
    case 'WITHDRAWN':
      return true;
  }
}

export function takeRequest(ledger: Ledger, request: HoldRequest, cause: Cause): Outcome {
  const { amount, currency } = request;
  if (amount < 1) return { kind: 'illegal', code: 'MALFORMED_AMOUNT', what: `${amount} yen` };
  if (currency !== ledger.account.currency) {
    return { kind: 'illegal', code: 'OTHER_CURRENCY', what: `${amount} ${currency}` };
  }
  return request.type === 'FundsHoldRequested'
    ? takeHold(ledger, request, cause)
    : takeLaterRequest(ledger, request, cause);
}

function takeHold(
  { account, hold: known }: Ledger,
  request: EventOf<'FundsHoldRequested'>,
  cause: Cause,
): Outcome {
  if (known?.status === 'WITHDRAWN') return refuse(account, request, 'RELEASED_BEFORE', cause);
  if (known !== undefined) return { kind: 'repeat' };
  if (account.available < request.amount) return refuse(account, request, 'OVER_LIMIT', cause);
  const { orderId, userId, amount, currency } = request;
  const header = orderHeader(cause, 'FundsHeld', orderId);
  return {
    kind: 'moved',
    hold: begin(request, 'HELD'),
    answers: [{ type: 'FundsHeld', ...header, userId, amount, currency }],
    account: hold(account, amount),
  };
}

function refuse(
  { available }: Account,
  request: EventOf<'FundsHoldRequested'>,
  reason: EventOf<'FundsHoldRejected'>['reason'],
  cause: Cause,
): Outcome {
  const { orderId, userId, amount, currency } = request;
  const header = orderHeader(cause, 'FundsHoldRejected', orderId);
  const answer = { ...header, userId, amount, currency, reason, available };
  return {
    kind: 'noted',
    hold: begin(request, 'REJECTED'),
    answers: [{ type: 'FundsHoldRejected', ...answer }],
  };
}

function takeLaterRequest(
  { account, hold: known }: Ledger,
  request: LaterRequest,
  cause: Cause,
): Outcome {
  if (known === undefined && request.type === 'FundsReleaseRequested') {
    return { kind: 'noted', hold: begin(request, 'WITHDRAWN'), answers: [] };
  }
  const { from, to, repeats, answer, move } = STEPS[request.type];
  if (known !== undefined && repeats.includes(known.status)) return { kind: 'repeat' };
  if (known?.status !== from) {
    const what = `the hold is ${known?.status ?? 'not known'}`;
    return { kind: 'illegal', code: 'ILLEGAL_MOVE', what };
  }
  const { orderId, userId, amount } = known;
  const header = orderHeader(cause, answer, orderId);
  return {
    kind: 'moved',
    hold: { ...known, status: to },
    answers: [{ type: answer, ...header, userId, amount, currency: account.currency }],
    account: move(account, amount),
  };
}

function begin(request: HoldRequest, status: HoldStatus): FundsHold {
  const { userId, orderId, amount } = request;
  return { type: 'FundsHoldState', userId, orderId, amount, status };
}
