/**
 * The life of one payment at the simulated PayPay, as pure functions: `(payment, move, now)` gives
 * the next payment or says why not. A payment belongs to one code; its PayPay id never changes.
 *
 *                    authorize
 *            CREATED ----------> AUTHORIZED
 *             | | \                 | |
 *             | |  \ pay            | | pay
 *             | |   \               | v
 *             | |    +---------> COMPLETED <--------- pay-late ---------+
 *             | |                   | | |                               |
 *             | |        refund,    | | | revert to FAILED, CANCELED    |
 *             | |        again from | | +---------------------+         |
 *             | |        REFUNDED   v |                       |         |
 *             | |              REFUNDED | reverse (same day)  |         |
 *             | |                       +--> CANCELED         |         |
 *             | |                                             v         |
 *             | +- fail, expire, cancel (AUTHORIZED too) -> FAILED, ----+
 *             |                                             EXPIRED,    |
 *             +-- delete-code ----------------------------> CANCELED ---+
 *
 * `lapse` and the passing of `expiresAt` change no status: a code past its time still reads
 * CREATED, as at the real PayPay, until the merchant deletes it.
 *
 * A payment reads REFUNDED from its first refund on, whatever that is of and however it stands; what
 * went back is told by the refunds alone.
 */
export type PaymentStatus =
  'CREATED' | 'AUTHORIZED' | 'COMPLETED' | 'REFUNDED' | 'FAILED' | 'EXPIRED' | 'CANCELED';

export type Charge =
  | { readonly kind: 'none' }
  | { readonly kind: 'authorized'; readonly authorizedAt: number }
  | {
      readonly kind: 'paid';
      readonly authorizedAt: number;
      readonly paidAt: number;
      /** What was taken, where that is not what the code asked for. */
      readonly money?: Money;
    };

export interface Money {
  /** Whole units of the currency. */
  readonly amount: number;
  /** ISO 4217. */
  readonly currency: string;
}

export interface Refund {
  readonly merchantRefundId: string;
  readonly amount: number;
  readonly reason: string;
  readonly acceptedAt: number;
  /** Reads CREATED before this time, and REFUNDED or FAILED from then on. */
  readonly completesAt: number;
  /** PayPay finds out that it cannot be done. */
  readonly fails: boolean;
}

export interface Payment {
  readonly merchantPaymentId: string;
  /** PayPay's own id, the webhook's order_id. */
  readonly paymentId: string;
  readonly codeId: string;
  /** Whole yen. */
  readonly amount: number;
  readonly description: string;
  readonly redirectUrl?: string;
  /** The merchant captures later: the shopper's payment only authorizes. */
  readonly isAuthorization: boolean;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly code: 'live' | 'deleted';
  readonly status: PaymentStatus;
  readonly charge: Charge;
  /** In the order in which they were asked for, whoever asked. */
  readonly refunds: readonly Refund[];
  /** Newest last; the oldest are dropped beyond HISTORY_MAX. */
  readonly history: readonly PaymentStep[];
}

export interface PaymentStep {
  readonly at: number;
  readonly move: Move['kind'] | 'create-code';
  readonly status: PaymentStatus;
}

export type Move =
  | { readonly kind: 'authorize' | 'fail' | 'expire' | 'lapse' | 'cancel' }
  /** `money`: PayPay takes something else than the code asked for. */
  | { readonly kind: 'pay' | 'pay-late'; readonly money?: Money }
  | { readonly kind: 'delete-code' | 'reverse' }
  /** PayPay reverts a success without having been asked. */
  | { readonly kind: 'revert'; readonly to: 'FAILED' | 'CANCELED' }
  | {
      readonly kind: 'refund';
      readonly merchantRefundId: string;
      readonly amount: number;
      readonly reason: string;
      /** Until it is carried out. */
      readonly delayMs: number;
      readonly fails: boolean;
    };

export type MoveResult =
  | { readonly kind: 'moved'; readonly payment: Payment }
  | { readonly kind: 'illegal'; readonly message: string };

/** More steps than any scenario takes; a loop of a test cannot grow a payment without end. */
const HISTORY_MAX = 50;
/** PayPay takes as many refunds of one payment. */
const REFUNDS_MAX = 20;

/** From which statuses a move is possible at all; a code's own state is looked at in `refusal`. */
const LEGAL: Readonly<Record<Move['kind'], readonly PaymentStatus[]>> = {
  authorize: ['CREATED'],
  pay: ['CREATED', 'AUTHORIZED'],
  'pay-late': ['CREATED', 'FAILED', 'EXPIRED', 'CANCELED'],
  fail: ['CREATED', 'AUTHORIZED'],
  expire: ['CREATED', 'AUTHORIZED'],
  lapse: ['CREATED'],
  cancel: ['CREATED', 'AUTHORIZED'],
  'delete-code': ['CREATED', 'FAILED', 'EXPIRED', 'CANCELED'],
  reverse: ['CREATED', 'AUTHORIZED', 'COMPLETED'],
  revert: ['COMPLETED'],
  refund: ['COMPLETED', 'REFUNDED'],
};

export type NewPayment = Omit<Payment, 'code' | 'status' | 'charge' | 'refunds' | 'history'>;

export function newPayment(fields: NewPayment): Payment {
  return {
    ...fields,
    code: 'live',
    status: 'CREATED',
    charge: { kind: 'none' },
    refunds: [],
    history: [{ at: fields.createdAt, move: 'create-code', status: 'CREATED' }],
  };
}

export function movePayment(payment: Payment, move: Move, now: number): MoveResult {
  const message = refusal(payment, move, now);
  if (message !== undefined) return { kind: 'illegal', message };
  const changed = { ...payment, ...change(payment, move, now) };
  const step: PaymentStep = { at: now, move: move.kind, status: changed.status };
  return {
    kind: 'moved',
    payment: { ...changed, history: [...payment.history, step].slice(-HISTORY_MAX) },
  };
}

/** What a developer could do to it now; the page offers these. */
export const HAND_MOVES = [
  'authorize',
  'pay',
  'pay-late',
  'fail',
  'expire',
  'lapse',
  'cancel',
] as const;
export type PossibleAction = (typeof HAND_MOVES)[number] | 'revert' | 'refund';

export function possibleActions(payment: Payment, now: number): readonly PossibleAction[] {
  const moves = HAND_MOVES.filter((kind) => refusal(payment, { kind }, now) === undefined);
  if (payment.status === 'COMPLETED') return [...moves, 'revert', 'refund'];
  return refundableOf(payment, now) > 0 ? [...moves, 'refund'] : moves;
}

/** What PayPay took, or would take. */
export function moneyOf({ amount, charge }: Payment): Money {
  return charge.kind === 'paid' && charge.money !== undefined
    ? charge.money
    : { amount, currency: 'JPY' };
}

/** Money was captured or authorized at some time, so the code is used up. */
export function wasCharged(payment: Payment): boolean {
  return payment.charge.kind !== 'none';
}

export function hasLapsed(payment: Payment, now: number): boolean {
  return now >= payment.expiresAt;
}

/** The refund's status at PayPay's API. */
export function refundStatus(
  { completesAt, fails }: Refund,
  now: number,
): 'CREATED' | 'REFUNDED' | 'FAILED' {
  if (now < completesAt) return 'CREATED';
  return fails ? 'FAILED' : 'REFUNDED';
}

/** What is neither gone nor going back; 0 for a payment that took nothing. */
export function refundableOf(payment: Payment, now: number): number {
  if (!LEGAL.refund.includes(payment.status) || payment.refunds.length >= REFUNDS_MAX) return 0;
  const taken = payment.refunds
    .filter((refund) => refundStatus(refund, now) !== 'FAILED')
    .reduce((sum, { amount }) => sum + amount, 0);
  return moneyOf(payment).amount - taken;
}

function refusal(payment: Payment, move: Move, now: number): string | undefined {
  const { status } = payment;
  if (!LEGAL[move.kind].includes(status)) return `${move.kind} is not possible on ${status}`;
  switch (move.kind) {
    case 'authorize':
    case 'pay':
      if (payment.code === 'deleted') return 'the code was deleted; use pay-late';
      if (status === 'CREATED' && hasLapsed(payment, now)) {
        return 'the code has expired; use pay-late';
      }
      return undefined;
    case 'pay-late':
      if (status === 'CREATED' && !hasLapsed(payment, now)) return 'it is not late yet; use pay';
      return undefined;
    case 'delete-code':
      if (payment.code === 'deleted') return 'the code was deleted before';
      return wasCharged(payment) ? 'the code was paid' : undefined;
    case 'refund':
      return excessOf(move.amount, refundableOf(payment, now), moneyOf(payment));
    case 'fail':
    case 'expire':
    case 'lapse':
    case 'cancel':
    case 'reverse':
    case 'revert':
      return undefined;
  }
}

function excessOf(refunded: number, left: number, { amount, currency }: Money): string | undefined {
  if (refunded <= left) return undefined;
  return left === amount
    ? `only ${amount} ${currency} were paid`
    : `only ${left} of ${amount} ${currency} are left`;
}

function change(payment: Payment, move: Move, now: number): Partial<Payment> {
  switch (move.kind) {
    case 'authorize':
      return { status: 'AUTHORIZED', charge: { kind: 'authorized', authorizedAt: now } };
    case 'pay':
      return payment.isAuthorization && payment.status === 'CREATED'
        ? { status: 'AUTHORIZED', charge: { kind: 'authorized', authorizedAt: now } }
        : paid(payment, now, move.money);
    case 'pay-late':
      return paid(payment, now, move.money);
    case 'fail':
      return { status: 'FAILED' };
    case 'expire':
      return { status: 'EXPIRED', expiresAt: Math.min(payment.expiresAt, now) };
    case 'lapse':
      return { expiresAt: Math.min(payment.expiresAt, now) };
    case 'cancel':
    case 'reverse':
      return { status: 'CANCELED' };
    case 'delete-code':
      return { code: 'deleted', status: statusAfterDeletion(payment, now) };
    case 'revert':
      return { status: move.to };
    case 'refund': {
      const { merchantRefundId, amount, reason, delayMs, fails } = move;
      const times = { acceptedAt: now, completesAt: now + delayMs };
      const refund = { merchantRefundId, amount, reason, ...times, fails };
      return { status: 'REFUNDED', refunds: [...payment.refunds, refund] };
    }
  }
}

function paid(payment: Payment, now: number, money: Money | undefined): Partial<Payment> {
  const authorizedAt = payment.charge.kind === 'authorized' ? payment.charge.authorizedAt : now;
  const other = money === undefined ? {} : { money };
  return { status: 'COMPLETED', charge: { kind: 'paid', authorizedAt, paidAt: now, ...other } };
}

function statusAfterDeletion(payment: Payment, now: number): PaymentStatus {
  if (payment.status !== 'CREATED') return payment.status;
  return hasLapsed(payment, now) ? 'EXPIRED' : 'CANCELED';
}
