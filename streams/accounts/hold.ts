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

interface Funds {
  readonly request: HoldRequest;
  readonly ledger: { readonly balance: Account; readonly reservation: FundsHold | undefined };
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
  begin: ({ userId, orderId, amount }, status) => ({
    type: 'FundsHoldState',
    userId,
    orderId,
    amount,
    status,
  }),
  withStatus: (known, status) => ({ ...known, status }),
  reserve({ orderId, userId, amount, currency }, { balance: account }, cause) {
    if (account.available < amount) return { kind: 'refused', reason: 'OVER_LIMIT' };
    const header = orderHeader(cause, 'FundsHeld', orderId);
    const answer = { type: 'FundsHeld', ...header, userId, amount, currency } as const;
    return { kind: 'granted', balance: hold(account, amount), answer };
  },
  reject({ orderId, userId, amount, currency }, reason, { balance: { available } }, cause) {
    const header = orderHeader(cause, 'FundsHoldRejected', orderId);
    return { type: 'FundsHoldRejected', ...header, userId, amount, currency, reason, available };
  },
  moves: {
    CONFIRM: (account, { amount }) => capture(account, amount),
    RELEASE: (account, { amount }) => release(account, amount),
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

export function takeRequest(
  { account, hold: reservation }: Ledger,
  request: HoldRequest,
  cause: Cause,
): Outcome {
  const { amount, currency } = request;
  if (amount < 1) return { kind: 'illegal', code: 'MALFORMED_AMOUNT', what: `${amount} yen` };
  if (currency !== account.currency) {
    return { kind: 'illegal', code: 'OTHER_CURRENCY', what: `${amount} ${currency}` };
  }
  return protocol.take({ balance: account, reservation }, request, cause);
}
