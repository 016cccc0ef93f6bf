/**
 * Rule B: the order is PAID, and no payment stands behind it: PayPay's latest status is failed,
 * cancelled, expired, or refunded though nobody here asked; or no success is known within the grace.
 *
 *   log time  100  PaymentSucceeded, paid at 95
 *             110  OrderPaid, paid at 95
 *             500  PaymentFailed REVERSED, seen at 490   fires, detectedAt 500
 *             900  PaymentSucceeded, paid at 890         resolved
 *   (test: "a payment that PayPay takes back raises rule B, and a later success resolves it")
 *
 *   grace 30  110  OrderPaid
 *             140  (no success known)                    fires, detectedAt 140
 *   (test: "a PAID order whose payment nobody knows raises rule B at the deadline")
 *
 * News of one payment is ordered by when it was said, not by when it was logged: a failure seen
 * before the time of the success, or of the payment that the order took, is a reordering and
 * nothing else. A success that is said again after a failure is the later word, though its time
 * stays the same. As long as one payment of the order stands, the failure of another is nothing.
 *
 * What was logged up to OrderPaid is judged as a whole, once payments are known that far; with a
 * failure at hand a timer one millisecond later asks for the proof. (test: "a failure read before
 * the newer success raises nothing")
 */
import { moneyText, type Money } from './money-text';
import {
  isNewMoney,
  isSuccess,
  paymentsReadUntil,
  type OrderFacts,
  type PaidFact,
  type PaymentFact,
} from './order-facts';
import type { AlertsSettings } from './settings';
import {
  complete,
  NOTHING_YET,
  undecided,
  type Cleared,
  type Rule,
  type RuleHistory,
  type Signal,
  type Triggered,
} from './signal';

type Word = PaymentFact & {
  readonly type: Exclude<PaymentFact['type'], 'PaymentRefundPending' | 'PaymentRefundFailed'>;
};

/** What PayPay's news, taken together, says of a PAID order. */
type Backing =
  | { readonly kind: 'standing' }
  | { readonly kind: 'contradicted'; readonly by: Word }
  | { readonly kind: 'unconfirmed' };

/** A moment at which the judgement may change, with all news logged until then. */
type Moment =
  /** OrderPaid, or the deadline: unread news may still belong to it. */
  | {
      readonly kind: 'order-paid' | 'deadline';
      readonly at: number;
      readonly news: readonly Word[];
      /** Log time, exclusive, up to which news must be known. */
      readonly needs: number;
    }
  | {
      readonly kind: 'news';
      readonly at: number;
      readonly news: readonly Word[];
      readonly fact: Word;
    };

export const ruleB: Rule = { name: 'RULE_B', severity: 'P1', history };

function history(facts: OrderFacts, { ruleBGraceMs }: AlertsSettings): RuleHistory {
  const { paid } = facts;
  if (paid === null) return NOTHING_YET;
  const payments = facts.payments.filter(isWord);
  const [only] = payments;
  // What nearly every order comes to: no moment can tell otherwise.
  if (payments.length === 1 && only !== undefined && standsBehindFromTheStart(only, paid)) {
    return NOTHING_YET;
  }
  // With no grace at all the deadline is still after the order's own millisecond.
  const deadline = paid.loggedAt + Math.max(ruleBGraceMs, 1);
  const signals: Signal[] = [];
  let open = false;
  let atRisk = 0;
  for (const moment of momentsOf(paid, payments, deadline)) {
    const backing = backingOf(paid, moment.news);
    if (moment.kind !== 'news' && paymentsReadUntil(facts) < moment.needs) {
      if (backing.kind === 'unconfirmed') return undecided(signals, deadline);
      const judges = backing.kind === 'contradicted' && moment.kind === 'order-paid';
      return judges ? undecided(signals, moment.needs) : complete(signals);
    }
    const holds =
      backing.kind === 'contradicted' || (backing.kind === 'unconfirmed' && moment.at >= deadline);
    const fact = moment.kind === 'news' ? moment.fact : undefined;
    const repeats = backing.kind === 'contradicted' && backing.by === fact;
    if (holds && (!open || repeats)) {
      const signal = triggered(paid, backing, moment, deadline);
      signals.push(signal);
      const isRevalued = open && signal.moneyAtRisk !== atRisk && fact !== undefined;
      if (isRevalued) signals.push(revalued(signal, fact));
      atRisk = signal.moneyAtRisk;
    }
    if (!holds && open && fact !== undefined) signals.push(cleared(fact));
    open = holds;
  }
  return complete(signals);
}

function momentsOf(paid: PaidFact, payments: readonly Word[], deadline: number): readonly Moment[] {
  const until = (time: number) => payments.filter(({ loggedAt }) => loggedAt < time);
  const later: readonly Moment[] = payments.flatMap((fact, index) =>
    fact.loggedAt > paid.loggedAt
      ? [{ kind: 'news' as const, at: fact.loggedAt, news: payments.slice(0, index + 1), fact }]
      : [],
  );
  const next = paid.loggedAt + 1;
  return [
    { kind: 'order-paid', at: paid.loggedAt, news: until(next), needs: next },
    ...later.filter(({ at }) => at < deadline),
    { kind: 'deadline', at: deadline, news: until(deadline), needs: deadline },
    ...later.filter(({ at }) => at >= deadline),
  ];
}

/** A refund that is in flight, or did not happen, says nothing of whose the money is. */
function isWord(fact: PaymentFact): fact is Word {
  return fact.type !== 'PaymentRefundPending' && fact.type !== 'PaymentRefundFailed';
}

function backingOf(paid: PaidFact, news: readonly Word[]): Backing {
  const words = latestWords(news);
  if (words.some(standsBehind)) return { kind: 'standing' };
  const [newest] = words
    .filter(({ saidAt }) => saidAt >= paid.paidAt)
    .sort((a, b) => b.saidAt - a.saidAt || news.indexOf(b) - news.indexOf(a));
  return newest === undefined ? { kind: 'unconfirmed' } : { kind: 'contradicted', by: newest };
}

/** The latest status of each payment; of two said at the same time, the one logged later. */
function latestWords(news: readonly Word[]): readonly Word[] {
  const words = new Map<string, { readonly fact: Word; readonly saidAt: number }>();
  for (const [index, fact] of news.entries()) {
    const known = words.get(fact.merchantPaymentId);
    const saidAt = isSaidAgain(fact, news.slice(0, index))
      ? Math.max(fact.saidAt, known?.saidAt ?? 0)
      : fact.saidAt;
    if (known === undefined || saidAt >= known.saidAt) {
      words.set(fact.merchantPaymentId, { fact, saidAt });
    }
  }
  return [...words.values()].map(({ fact }) => fact);
}

/**
 * Payments says a success again only when PayPay confirmed it after having taken it back; it is
 * then the latest status, though the time of the payment is the old one.
 */
function isSaidAgain(fact: Word, earlier: readonly Word[]): boolean {
  return isSuccess(fact) && !isNewMoney(fact, earlier);
}

function standsBehindFromTheStart(word: Word, paid: PaidFact): boolean {
  return word.loggedAt <= paid.loggedAt && standsBehind(word);
}

function standsBehind(word: Word): boolean {
  switch (word.type) {
    case 'PaymentSucceeded':
      return true;
    case 'PaymentRefunded':
      // The shop refunded it itself, so nothing contradicts anything.
      return word.requestedHere;
    case 'PaymentFailed':
    case 'PaymentExpired':
      return false;
  }
}

function triggered(paid: PaidFact, backing: Backing, moment: Moment, deadline: number): Triggered {
  const expected = `PayPay holds ${moneyText(paid)} for the PAID order`;
  const { at, news } = moment;
  if (backing.kind !== 'contradicted') {
    return {
      kind: 'triggered',
      // Past the deadline it is news that took the last support away.
      trigger: moment.kind === 'news' ? moment.fact : paid,
      at,
      deadline,
      moneyAtRisk: paid.amount,
      currency: paid.currency,
      expected,
      observed: 'Order is PAID, no successful payment is known',
      evidence: moment.kind === 'news' ? [paid, moment.fact] : [paid],
    };
  }
  const { by } = backing;
  const success = news.findLast(isSuccess);
  const risk = riskOf(paid, by, news);
  return {
    kind: 'triggered',
    trigger: by,
    at,
    deadline: null,
    moneyAtRisk: risk.amount,
    currency: risk.currency,
    expected,
    observed: `Order is PAID, ${wordText(by, risk)}`,
    evidence: success === undefined ? [paid, by] : [success, paid, by],
  };
}

/** What went back unasked, taken together; all of the order's money when the payment itself is gone. */
function riskOf(paid: Money, by: Word, news: readonly Word[]): Money {
  if (by.type !== 'PaymentRefunded') return paid;
  const amount = news
    .filter(
      ({ type, paymentId, requestedHere }) =>
        type === 'PaymentRefunded' && paymentId === by.paymentId && !requestedHere,
    )
    .reduce((sum, refund) => sum + refund.amount, 0);
  return { amount, currency: by.currency };
}

/** A repeat alone does not say that there is more at risk, or less. */
function revalued({ at, moneyAtRisk, currency, observed }: Triggered, fact: Word): Signal {
  return { kind: 'revalued', at, moneyAtRisk, currency, observed, fact };
}

function wordText(word: Word, risk: Money): string {
  switch (word.type) {
    case 'PaymentFailed':
      return `PayPay says the payment is ${word.reason}`;
    case 'PaymentExpired':
      return 'the payment expired';
    case 'PaymentRefunded':
      return `PayPay refunded ${moneyText(risk)}, which nobody here asked for`;
    case 'PaymentSucceeded':
      throw new Error(`success ${word.eventId} contradicts nothing`);
  }
}

function cleared(fact: Word): Cleared {
  return {
    kind: 'cleared',
    at: fact.loggedAt,
    resolvedBy: 'FACTS',
    detail:
      fact.type === 'PaymentRefunded'
        ? `${moneyText(fact)} was refunded from here`
        : 'A later success stands behind the order',
    fact,
  };
}
