import type { Account } from '../../../streams/accounts/account';
import {
  hasEnded,
  takeRequest,
  type FundsHold,
  type HoldRequest,
  type HoldStatus,
  type Ledger,
  type Outcome,
} from '../../../streams/accounts/hold';
import { ORDER_ID, USER_ID, sample } from '../saga/sample-event';

const CAUSE = { id: 'the-cause', at: 1_000 };
const STATUSES: readonly HoldStatus[] = [
  'HELD',
  'CAPTURED',
  'RETURNED',
  'RELEASED',
  'REJECTED',
  'WITHDRAWN',
];
const ACCOUNT: Account = {
  type: 'AccountState',
  userId: USER_ID,
  limit: 2_000,
  available: 1_000,
  held: 500,
  used: 500,
  currency: 'JPY',
  openOrders: 1,
  heldPieces: 4,
};
/** Far from what the account has. */
const MAX = { openOrdersMax: 100, heldPiecesMax: 1_000 };
const PIECES = 4;

function request(type: HoldRequest['type'], amount = 300, currency = 'JPY'): HoldRequest {
  const fields = { orderId: ORDER_ID, userId: USER_ID, amount, currency };
  return type === 'FundsHoldRequested'
    ? sample(type, { ...fields, pieces: PIECES })
    : sample(type, fields);
}

function known(status: HoldStatus): FundsHold {
  const pieces = status === 'WITHDRAWN' ? 0 : PIECES;
  return {
    type: 'FundsHoldState',
    userId: USER_ID,
    orderId: ORDER_ID,
    amount: 300,
    pieces,
    status,
  };
}

function ledger(changed: Partial<Ledger> = {}): Ledger {
  return { max: MAX, account: ACCOUNT, hold: undefined, ...changed };
}

function take(on: Ledger, of: HoldRequest): Outcome {
  return takeRequest(on, of, CAUSE);
}

/** Where a request leads from each status, or what it is called when it leads nowhere. */
function outcomesFrom(type: HoldRequest['type']): Record<string, string> {
  const from = [undefined, ...STATUSES.map(known)];
  return Object.fromEntries(
    from.map((hold) => {
      const outcome = take(ledger({ hold }), request(type));
      return [
        hold?.status ?? 'none',
        'reservation' in outcome ? outcome.reservation.status : outcome.kind,
      ];
    }),
  );
}

describe('the life of a hold', () => {
  it('leads from every status where the diagram says', () => {
    expect(outcomesFrom('FundsHoldRequested')).toEqual({
      none: 'HELD',
      HELD: 'repeat',
      CAPTURED: 'repeat',
      RETURNED: 'repeat',
      RELEASED: 'repeat',
      REJECTED: 'repeat',
      WITHDRAWN: 'REJECTED',
    });
    expect(outcomesFrom('FundsCaptureRequested')).toEqual({
      none: 'illegal',
      HELD: 'CAPTURED',
      CAPTURED: 'repeat',
      RETURNED: 'repeat',
      RELEASED: 'illegal',
      REJECTED: 'illegal',
      WITHDRAWN: 'illegal',
    });
    expect(outcomesFrom('FundsReleaseRequested')).toEqual({
      none: 'WITHDRAWN',
      HELD: 'RELEASED',
      CAPTURED: 'illegal',
      RETURNED: 'illegal',
      RELEASED: 'repeat',
      REJECTED: 'repeat',
      WITHDRAWN: 'repeat',
    });
    expect(outcomesFrom('FundsReturnRequested')).toEqual({
      none: 'illegal',
      HELD: 'illegal',
      CAPTURED: 'RETURNED',
      RETURNED: 'repeat',
      RELEASED: 'illegal',
      REJECTED: 'illegal',
      WITHDRAWN: 'illegal',
    });
  });

  it('has ended once it can keep no funds any more', () => {
    const ended = STATUSES.filter((status) => hasEnded(known(status)));
    expect(ended).toEqual(['RETURNED', 'RELEASED', 'REJECTED', 'WITHDRAWN']);
  });
});

describe('a request to hold', () => {
  it('can take the last yen and not one more', () => {
    expect(take(ledger(), request('FundsHoldRequested', 1_000))).toMatchObject({
      kind: 'moved',
      balance: { available: 0, held: 1_500 },
      answers: [{ type: 'FundsHeld', userId: USER_ID, amount: 1_000, currency: 'JPY' }],
    });
    expect(take(ledger(), request('FundsHoldRequested', 1_001))).toMatchObject({
      kind: 'noted',
      reservation: { status: 'REJECTED' },
      answers: [{ type: 'FundsHoldRejected', reason: 'OVER_LIMIT', available: 1_000 }],
    });
  });

  it('is rejected while the limit is below what is held and used', () => {
    const account = { ...ACCOUNT, limit: 900, available: -100 };
    expect(take(ledger({ account }), request('FundsHoldRequested', 1))).toMatchObject({
      answers: [{ reason: 'OVER_LIMIT', available: -100 }],
    });
  });

  it('is rejected when it was released before', () => {
    const hold = known('WITHDRAWN');
    expect(take(ledger({ hold }), request('FundsHoldRequested'))).toMatchObject({
      kind: 'noted',
      answers: [{ type: 'FundsHoldRejected', reason: 'RELEASED_BEFORE' }],
    });
  });
});

describe('what a user keeps open', () => {
  const refusalOf = (changed: Partial<Ledger>) => {
    const outcome = take(ledger(changed), request('FundsHoldRequested', 1));
    return 'answers' in outcome ? outcome.answers[0] : undefined;
  };

  it('are so many orders and not one more', () => {
    const max = { openOrdersMax: 2, heldPiecesMax: 1_000 };
    expect(refusalOf({ max })).toMatchObject({ type: 'FundsHeld' });
    const account = { ...ACCOUNT, openOrders: 2 };
    expect(refusalOf({ max, account })).toMatchObject({
      type: 'FundsHoldRejected',
      ...{ reason: 'OVER_LIMIT', exceeded: 'OPEN_ORDERS', allowed: 2, open: 2 },
    });
  });

  it('are so many pieces and not one more', () => {
    const max = { openOrdersMax: 100, heldPiecesMax: 8 };
    expect(refusalOf({ max })).toMatchObject({ type: 'FundsHeld' });
    const account = { ...ACCOUNT, heldPieces: 5 };
    expect(refusalOf({ max, account })).toMatchObject({
      type: 'FundsHoldRejected',
      ...{ reason: 'OVER_LIMIT', exceeded: 'HELD_PIECES', allowed: 8, open: 5 },
    });
  });

  it.each(['FundsCaptureRequested', 'FundsReleaseRequested'] as const)(
    'is one order less after a %s',
    (type) => {
      expect(take(ledger({ hold: known('HELD') }), request(type))).toMatchObject({
        balance: { openOrders: 0, heldPieces: 0 },
      });
    },
  );

  it('does not count the hold of an earlier build, which knew no pieces', () => {
    const hold = { ...known('HELD'), pieces: 0 };
    expect(take(ledger({ hold }), request('FundsReleaseRequested'))).toMatchObject({
      balance: { openOrders: 1, heldPieces: 4 },
    });
  });
});

describe('a later request', () => {
  it.each([
    ['FundsCaptureRequested', 'HELD', 'FundsCaptured', { held: 200, used: 800 }],
    ['FundsReleaseRequested', 'HELD', 'FundsReleased', { available: 1_300, held: 200 }],
    ['FundsReturnRequested', 'CAPTURED', 'FundsReturned', { available: 1_300, used: 200 }],
  ] as const)('%s moves what was held, whatever it says itself', (type, from, answer, moved) => {
    expect(take(ledger({ hold: known(from) }), request(type, 99_999))).toMatchObject({
      kind: 'moved',
      balance: moved,
      answers: [{ type: answer, orderId: ORDER_ID, userId: USER_ID, amount: 300 }],
    });
  });

  it('to release what is not known yet is remembered and not answered', () => {
    expect(take(ledger(), request('FundsReleaseRequested'))).toEqual({
      kind: 'noted',
      reservation: known('WITHDRAWN'),
      answers: [],
    });
  });
});

describe('a request that cannot be', () => {
  it.each([
    ['of no yen', request('FundsHoldRequested', 0), 'MALFORMED_AMOUNT'],
    ['of less than that', request('FundsHoldRequested', -1), 'MALFORMED_AMOUNT'],
    ['in another currency', request('FundsHoldRequested', 300, 'USD'), 'OTHER_CURRENCY'],
  ])('%s is refused', (_what, of, code) => {
    expect(take(ledger(), of)).toMatchObject({ kind: 'illegal', code });
  });
});
