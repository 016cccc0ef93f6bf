/**
 * What orders remembers of a payment, and the payment's own precedence. Repeats and reordered news
 * are told by what they say, not by when they come: a success is new when its paymentId is, or when
 * it was paid again later; a failure is new when it was seen after every failure and not before the
 * last success that is known; a refund is new when its event is.
 *
 *   paidAt 100, then observedAt  90: the failure is older than the success: stale
 *   paidAt 100, then observedAt 110: a reversal: news
 *   observedAt 110, then paidAt 100: the money was taken, whatever became of it later: news
 *
 * (test: "precedence of payment news")
 */
import type { EventOf } from '../../schemas/event';
import type { WaitingOrder } from './order';

export type PaymentFacts = WaitingOrder['payment'];
export type PaymentNews = EventOf<
  'PaymentSucceeded' | 'PaymentFailed' | 'PaymentExpired' | 'PaymentRefunded'
>;

/** What counts of a success. */
export type Success = Pick<
  EventOf<'PaymentSucceeded'>,
  'eventId' | 'paymentId' | 'amount' | 'currency' | 'paidAt'
>;
export type JudgedNews =
  | Exclude<PaymentNews, { type: 'PaymentSucceeded' }>
  | (Success & { readonly type: 'PaymentSucceeded' });

export type Judgement =
  | { readonly kind: 'stale' }
  | { readonly kind: 'too-many' }
  | { readonly kind: 'news'; readonly payment: PaymentFacts };

export const NOTHING_KNOWN: PaymentFacts = {
  paymentLastEventId: '',
  successes: [],
  lastFailureAt: 0,
  refunds: [],
};

/** A closed order stays for ever, so it must stay small; payments makes a handful of attempts. */
const SUCCESSES_MAX = 20;
/** An operator who refunds yen by yen has stopped doing so by hand long before this. */
const REFUNDS_MAX = 100;

export function judge(known: PaymentFacts, news: JudgedNews): Judgement {
  switch (news.type) {
    case 'PaymentSucceeded':
      return judgeSuccess(known, news);
    case 'PaymentFailed':
      return judgeFailure(known, news.eventId, news.observedAt);
    case 'PaymentExpired':
      return judgeFailure(known, news.eventId, news.expiredAt);
    case 'PaymentRefunded':
      return judgeRefund(known, news);
  }
}

function judgeSuccess(known: PaymentFacts, news: Success): Judgement {
  const { eventId, paymentId, amount, currency, paidAt } = news;
  const same = known.successes.find((success) => success.paymentId === paymentId);
  if (same !== undefined && same.paidAt >= paidAt) return { kind: 'stale' };
  const others = known.successes.filter((success) => success !== same);
  if (others.length >= SUCCESSES_MAX) return { kind: 'too-many' };
  const successes = [...others, { paymentId, amount, currency, paidAt }];
  return { kind: 'news', payment: { ...known, paymentLastEventId: eventId, successes } };
}

function judgeFailure(known: PaymentFacts, eventId: string, seenAt: number): Judgement {
  const lastPaidAt = Math.max(0, ...known.successes.map(({ paidAt }) => paidAt));
  if (seenAt <= known.lastFailureAt || seenAt < lastPaidAt) return { kind: 'stale' };
  return {
    kind: 'news',
    payment: { ...known, paymentLastEventId: eventId, lastFailureAt: seenAt },
  };
}

function judgeRefund(known: PaymentFacts, news: EventOf<'PaymentRefunded'>): Judgement {
  const { eventId, paymentId, amount } = news;
  if (known.refunds.some((refund) => refund.eventId === eventId)) return { kind: 'stale' };
  if (known.refunds.length >= REFUNDS_MAX) return { kind: 'too-many' };
  const refunds = [...known.refunds, { eventId, paymentId, amount }];
  return { kind: 'news', payment: { ...known, paymentLastEventId: eventId, refunds } };
}

/** Money was taken, and all of it has gone back. */
export function isGivenBack({ successes, refunds }: PaymentFacts): boolean {
  const isReturned = ({ paymentId, amount }: PaymentFacts['successes'][number]) =>
    refunds
      .filter((refund) => refund.paymentId === paymentId)
      .reduce((sum, refund) => sum + refund.amount, 0) >= amount;
  return successes.length > 0 && successes.every(isReturned);
}
