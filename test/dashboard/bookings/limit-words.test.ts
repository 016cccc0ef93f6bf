import {
  SPENDING_LIMIT_YEN_MAX,
  limitOutcome,
  limitPreview,
} from '../../../dashboard/bookings/limit-words';
import { limits } from '../../../edge/limits';

const ACCOUNT = {
  userId: 'shopper-1',
  limit: 10_000,
  available: 7_000,
  held: 2_000,
  used: 1_000,
  currency: 'JPY',
};

describe('a preview of a spending limit', () => {
  test('keeps what is held and used', () => {
    expect(limitPreview(ACCOUNT, 5_000)).toEqual({
      kind: 'becomes',
      figures: [
        { label: 'Limit', before: '¥10,000', after: '¥5,000' },
        { label: 'Available', before: '¥7,000', after: '¥2,000' },
      ],
      warning: '',
    });
  });

  test('below what is held and used says that nothing new is held', () => {
    expect(limitPreview(ACCOUNT, 2_999)).toMatchObject({
      figures: [{}, { label: 'Available', after: '-¥1' }],
      warning: expect.stringContaining('¥3,000 are held and used already') as unknown,
    });
    expect(limitPreview(ACCOUNT, 3_000)).toMatchObject({ warning: '' });
  });

  test('of a customer who ordered nothing takes the place of the usual one', () => {
    expect(limitPreview(null, 500)).toMatchObject({
      figures: [{ before: 'the usual one', after: '¥500' }, { after: '¥500' }],
    });
  });

  test('is nothing while nothing is typed, and against what the edge does not take', () => {
    expect(limitPreview(ACCOUNT, '').kind).toBe('nothing-typed');
    expect(limitPreview(ACCOUNT, -1).kind).toBe('against');
    expect(limitPreview(ACCOUNT, SPENDING_LIMIT_YEN_MAX + 1).kind).toBe('against');
    expect(SPENDING_LIMIT_YEN_MAX).toBe(limits.spendingLimitYenMax);
  });
});

test('a change of a limit is done once the history names it', () => {
  const change = {
    eventId: 'change-1',
    limit: 500,
    currency: 'JPY',
    reason: 'a typing error',
    actor: 'ops-1',
    changedAt: 1,
  };
  expect(limitOutcome([], 'change-1')).toEqual({ kind: 'none' });
  expect(limitOutcome([change], 'change-1')).toEqual({
    kind: 'booked',
    message: 'The limit is ¥500 now.',
  });
});
