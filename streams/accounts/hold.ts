/**
 * What becomes of the funds that one order asks for: the reservation protocol over a user's limit.
 *
 *   protocol   RESERVED  CONFIRMED  RETURNED  RELEASED  REJECTED  WITHDRAWN
 *   a hold is  HELD      CAPTURED   RETURNED  RELEASED  REJECTED  WITHDRAWN
 */
import type { EventOf } from '../../schemas/event';
import { orderHeader, type Cause } from '../../schemas/header';
import type { accountsEvents } from '../../topics/accounts';
import type { EventOn } from '../../topics/topic';
import { ReservationProtocol, type Outcome as ProtocolOutcome } from '../reservation/protocol';
import type { StateOf } from '../runtime/app';
import { capture, hold, release, takeBack, type Account } from './account';
import type { RejectionCode } from './rejection';
import type { AccountsSettings } from './settings';

export type FundsHold = StateOf<'FundsHoldState'>;
/** Of every user alike. */
export type UserLimits = Pick<AccountsSettings, 'openOrdersMax' | 'heldPiecesMax'>;
export type HoldStatus = FundsHold['status'];
export type FundsAnswer = EventOn<typeof accountsEvents>;

/** What is known of the user and the order's hold before the request is looked at. */
export interface Ledger {
  /** How many orders and pieces a user may keep open. */
  readonly max: UserLimits;
  readonly account: Account;
  readonly hold: FundsHold | undefined;
}

export type HoldRequest = EventOf<
  'FundsHoldRequested' | 'FundsCaptureRequested' | 'FundsReleaseRequested' | 'FundsReturnRequested'
>;

interface Funds {
  readonly request: HoldRequest;
  readonly ledger: {
    readonly max: UserLimits;
    readonly balance: Account;
    readonly reservation: FundsHold | undefined;
  };
  readonly answer: FundsAnswer;
  readonly reason: EventOf<'FundsHoldRejected'>['reason'];
}

export type Outcome =
  | ProtocolOutcome<Funds>
  | { readonly kind: 'illegal'; readonly code: RejectionCode; readonly what: string };

const ANSWERS = {
  CONFIRM: 'FundsCaptured',
  RELEASE: 'FundsReleased',
  RETURN: 'FundsReturned',
} as const;

const protocol = new ReservationProtocol<Funds>({
  noun: 'hold',
  demands: {
    FundsHoldRequested: 'RESERVE',
    FundsCaptureRequested: 'CONFIRM',
    FundsReleaseRequested: 'RELEASE',
    FundsReturnRequested: 'RETURN',
  },
  statuses: {
    RESERVED: 'HELD',
    CONFIRMED: 'CAPTURED',
    RETURNED: 'RETURNED',
    RELEASED: 'RELEASED',
    REJECTED: 'REJECTED',
    WITHDRAWN: 'WITHDRAWN',
  },
  begin: (request, status) => {
    const { userId, orderId, amount } = request;
    return {
      type: 'FundsHoldState',
      userId,
      orderId,
      amount,
      pieces: piecesOf(request),
      status,
    };
  },
  withStatus: (known, status) => ({ ...known, status }),
  reserve(request, { balance: account, max }, cause) {
    const { orderId, userId, amount, currency } = request;
    const pieces = piecesOf(request);
    if (excessOf({ amount, pieces }, account, max) !== undefined) {
      return { kind: 'refused', reason: 'OVER_LIMIT' };
    }
    const header = orderHeader(cause, 'FundsHeld', orderId);
    const answer = { type: 'FundsHeld', ...header, userId, amount, currency } as const;
    return { kind: 'granted', balance: hold(account, amount, pieces), answer };
  },
  reject(request, reason, { balance, max }, cause) {
    const { orderId, userId, amount, currency } = request;
    const pieces = piecesOf(request);
    const excess = excessOf({ amount, pieces }, balance, max) ?? SPENDING;
    return {
      type: 'FundsHoldRejected',
      ...orderHeader(cause, 'FundsHoldRejected', orderId),
      ...{ userId, amount, currency, reason, available: balance.available },
      ...excess,
    };
  },
  moves: {
    CONFIRM: (account, { amount, pieces }) => capture(account, amount, pieces),
    RELEASE: (account, { amount, pieces }) => release(account, amount, pieces),
    RETURN: (account, { amount }) => takeBack(account, amount),
  },
  answer(demand, { orderId, userId, amount }, { balance: { currency } }, cause) {
    const type = ANSWERS[demand];
    return { type, ...orderHeader(cause, type, orderId), userId, amount, currency };
  },
});

/** Keeps no funds and never will. */
export function hasEnded(known: FundsHold): boolean {
  return protocol.hasEnded(known);
}

function piecesOf(request: HoldRequest): number {
  return request.type === 'FundsHoldRequested' ? request.pieces : 0;
}

type Excess = Pick<EventOf<'FundsHoldRejected'>, 'exceeded' | 'allowed' | 'open'>;
const SPENDING: Excess = { exceeded: 'SPENDING_LIMIT', allowed: 0, open: 0 };

/** Undefined: it fits into all of the user's limits. The money first: it is what shoppers know. */
function excessOf(
  { amount, pieces }: { readonly amount: number; readonly pieces: number },
  { available, openOrders, heldPieces }: Account,
  { openOrdersMax, heldPiecesMax }: UserLimits,
): Excess | undefined {
  if (available < amount) return SPENDING;
  if (openOrders >= openOrdersMax) {
    return { exceeded: 'OPEN_ORDERS', allowed: openOrdersMax, open: openOrders };
  }
  if (heldPieces + pieces > heldPiecesMax) {
    return { exceeded: 'HELD_PIECES', allowed: heldPiecesMax, open: heldPieces };
  }
  return undefined;
}

export function takeRequest(
  { account, hold: reservation, max }: Ledger,
  request: HoldRequest,
  cause: Cause,
): Outcome {
  const { amount, currency } = request;
  if (amount < 1) return { kind: 'illegal', code: 'MALFORMED_AMOUNT', what: `${amount} yen` };
  if (currency !== account.currency) {
    return { kind: 'illegal', code: 'OTHER_CURRENCY', what: `${amount} ${currency}` };
  }
  return protocol.take({ balance: account, reservation, max }, request, cause);
}
