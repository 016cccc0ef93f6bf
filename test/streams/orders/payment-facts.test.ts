import { NOTHING_KNOWN, judge, type PaymentNews } from '../../../streams/orders/payment-facts';
import { expiry, failure, refund, success } from '../saga/sample-event';

/** Takes the news one by one and says which were news. */
function judgeAll(...all: readonly PaymentNews[]): readonly string[] {
  let known = NOTHING_KNOWN;
  return all.map((news) => {
    const judgement = judge(known, news);
    if (judgement.kind === 'news') known = judgement.payment;
    return judgement.kind;
  });
}

const PAID = success(1_600, { paidAt: 100 });

describe('precedence of payment news', () => {
  it.each<[string, readonly PaymentNews[], readonly string[]]>([
    ['a success told again', [PAID, PAID], ['news', 'stale']],
    ['a success told by another event', [PAID, success(1_600, {}, 2)], ['news', 'stale']],
    ['a success of another payment', [PAID, success(1_600, { paymentId: 'b' })], ['news', 'news']],
    ['a success paid anew', [PAID, success(1_600, { paidAt: 300 })], ['news', 'news']],
    ['a failure before the success', [PAID, failure('FAILED', 90)], ['news', 'stale']],
    ['an expiry before the success', [PAID, expiry(90)], ['news', 'stale']],
    ['a failure with the success', [PAID, failure('FAILED', 100)], ['news', 'news']],
    ['a reversal', [PAID, failure('REVERSED', 110)], ['news', 'news']],
    ['a success after a later failure', [failure('FAILED', 110), PAID], ['news', 'news']],
    ['a failure told again', [expiry(90), expiry(90)], ['news', 'stale']],
    ['an older failure', [expiry(90), failure('FAILED', 80)], ['news', 'stale']],
    ['a newer failure', [expiry(90), failure('FAILED', 95)], ['news', 'news']],
    ['a refund told again', [refund(10), refund(20), refund(10)], ['news', 'news', 'stale']],
    ['an equal refund', [refund(10), refund(10, 2)], ['news', 'news']],
    [
      'an old success between others',
      [PAID, success(1_600, { paymentId: 'b' }), PAID, failure('REVERSED', 110), PAID],
      ['news', 'news', 'stale', 'news', 'stale'],
    ],
  ])('%s', (_what, all, expected) => {
    expect(judgeAll(...all)).toEqual(expected);
  });

  it('remembers what was applied last', () => {
    const judgement = judge(NOTHING_KNOWN, PAID);
    expect(judgement).toMatchObject({ payment: { paymentLastEventId: PAID.eventId } });
  });

  it('keeps a bounded number of successes and refunds', () => {
    const successes = Array.from({ length: 21 }, (_, n) => success(1, { paymentId: `p${n}` }));
    const refunds = Array.from({ length: 101 }, (_, n) => refund(1, n));
    expect(judgeAll(...successes).lastIndexOf('news')).toBe(19);
    expect(judgeAll(...successes).at(-1)).toBe('too-many');
    expect(judgeAll(...refunds).lastIndexOf('news')).toBe(99);
    expect(judgeAll(...refunds).at(-1)).toBe('too-many');
  });
});
