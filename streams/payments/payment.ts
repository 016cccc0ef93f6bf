/**
 * Source of truth for where the payment of one order stands.
 *
 *   OPEN ──out of time, cancelled, refused, failed──▶ WITHDRAWING ──no code is left──▶ LAST_LOOK
 *     │                                                    │                              │
 *     │ money                                              │ money                  money │ none
 *     ▼                                                    ▼                              ▼
 *   PAID ◀────────────────────────────────────────────────┴────────────────────┐       UNPAID
 *     │                                                                        └─money──┘  ▲
 *     └──all of it reversed────────────────────────────────────────────────────────────────┘
 *
 * What always holds:
 * - A payment is UNPAID only after no code can be paid any more and PayPay was read once more
 *   since then, or after PayPay itself said that each attempt is over. Silence is never a verdict.
 * - One status request is in flight at most, so that reads of one order do not overlap.
 * - What PayPay said before what is known already changes nothing.
 */
import type { StateOf } from '../runtime/app';

export type Payment = StateOf<'PaymentState'>;
export type Attempt = Payment['attempts'][number];
export type Phase = Payment['phase'];
export type Ending = Exclude<Payment['ending'], 'NOT_ENDING'>;

const TRANSITIONS: Readonly<Record<Phase, readonly Phase[]>> = {
  OPEN: ['WITHDRAWING', 'PAID'],
  WITHDRAWING: ['LAST_LOOK', 'PAID'],
  LAST_LOOK: ['UNPAID', 'PAID'],
  PAID: ['UNPAID'],
  UNPAID: ['PAID'],
};

/** Throws on a move that is not drawn above. */
export function enter(payment: Payment, phase: Phase): Payment {
  if (!TRANSITIONS[payment.phase].includes(phase)) {
    throw new Error(`payment of ${payment.orderId} cannot go from ${payment.phase} to ${phase}`);
  }
  return { ...payment, phase };
}

/** Throws for a number that was never asked for. */
export function attemptNumbered(payment: Payment, number: number): Attempt {
  const attempt = payment.attempts.find((each) => each.number === number);
  if (attempt === undefined) throw new Error(`${payment.orderId} has no attempt ${number}`);
  return attempt;
}

/** The attempt asked for last. */
export function latestAttempt(payment: Payment): Attempt {
  return attemptNumbered(payment, payment.attempts.length);
}

export function changeAttempt(
  payment: Payment,
  number: number,
  change: Partial<Omit<Attempt, 'number'>>,
): Payment {
  const attempts = payment.attempts.map((attempt) =>
    attempt.number === number ? { ...attempt, ...change } : attempt,
  );
  return { ...payment, attempts };
}

/** PayPay's own word that this attempt brings no money: it refused the code or ended the payment. */
export function isOver({ code, status }: Attempt): boolean {
  return code === 'REFUSED' || status === 'FAILED' || status === 'CANCELED' || status === 'EXPIRED';
}

/** The attempts that PayPay may know something of. */
export function readableNumbers({ attempts }: Payment): number[] {
  return attempts.filter(({ code }) => code !== 'REFUSED').map(({ number }) => number);
}

/** Our id at PayPay: a UUID of 36 characters and the number, within PayPay's 64. */
export function merchantPaymentIdOf(orderId: string, attempt: number): string {
  return `${orderId}-${attempt}`;
}

/** What events of one attempt carry. */
export function attemptFields(
  payment: Payment,
  attempt: number,
): { readonly attempt: number; readonly merchantPaymentId: string } {
  return { attempt, merchantPaymentId: merchantPaymentIdOf(payment.orderId, attempt) };
}
