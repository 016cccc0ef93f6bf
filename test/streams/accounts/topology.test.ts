import { recordTypes } from '../../../schemas/avro-types';
import type { EventOf } from '../../../schemas/event';
import { UNMARKED } from '../../../schemas/request-marks';
import { accountsDefaults } from '../../../streams/accounts/settings';
import { accountsApp } from '../../../streams/accounts/topology';
import { TopologyTestDriver } from '../../../streams/runtime/test-driver';
import { accountsBalances, accountsEvents, accountsRequests } from '../../../topics/accounts';
import { ORDER_ID, USER_ID, limitChanged, sample } from '../saga/sample-event';

const WEEK_MS = 7 * 24 * 60 * 60 * 1_000;

let driver: TopologyTestDriver;

beforeEach(async () => {
  driver = await TopologyTestDriver.start([accountsApp(accountsDefaults)], {
    records: recordTypes,
    startAt: 1_000_000,
  });
});

type RequestType =
  'FundsHoldRequested' | 'FundsCaptureRequested' | 'FundsReleaseRequested' | 'FundsReturnRequested';

function request(type: RequestType, amount: number, currency = 'JPY'): EventOf<RequestType> {
  const fields = { orderId: ORDER_ID, userId: USER_ID, amount, currency };
  return type === 'FundsHoldRequested'
    ? sample(type, { ...fields, pieces: 1 })
    : sample(type, fields);
}

function takeBalances(): readonly (readonly number[])[] {
  return driver
    .take(accountsBalances)
    .map(({ limit, available, held, used }) => [limit, available, held, used]);
}

function takeAnswers(): readonly string[] {
  return driver.take(accountsEvents).map(({ type }) => type);
}

describe('the accounts app', () => {
  test('a hold is captured once', async () => {
    await driver.pipe(accountsRequests, limitChanged(5_000));
    for (const type of ['FundsHoldRequested', 'FundsCaptureRequested'] as const) {
      await driver.pipe(accountsRequests, request(type, 2_000), request(type, 2_000));
    }
    expect(takeAnswers()).toEqual(['FundsHeld', 'FundsCaptured']);
    expect(takeBalances()).toEqual([
      [5_000, 5_000, 0, 0],
      [5_000, 3_000, 2_000, 0],
      [5_000, 3_000, 0, 2_000],
    ]);
  });

  test('a new user has the default limit', async () => {
    await driver.pipe(accountsRequests, request('FundsHoldRequested', 100_000));
    expect(takeAnswers()).toEqual(['FundsHeld']);
    expect(takeBalances()).toEqual([[100_000, 0, 100_000, 0]]);
  });

  test('a hold is released once, and a captured one is returned once', async () => {
    const released = [request('FundsHoldRequested', 500), request('FundsReleaseRequested', 500)];
    await driver.pipe(accountsRequests, ...released.flatMap((event) => [event, event]));
    expect(takeAnswers()).toEqual(['FundsHeld', 'FundsReleased']);
    const another = (type: RequestType) =>
      sample(type, { orderId: 'another', userId: USER_ID, amount: 700, currency: 'JPY' });
    const returned = [
      another('FundsHoldRequested'),
      another('FundsCaptureRequested'),
      another('FundsReturnRequested'),
    ];
    await driver.pipe(accountsRequests, ...returned.flatMap((event) => [event, event]));
    expect(takeAnswers()).toEqual(['FundsHeld', 'FundsCaptured', 'FundsReturned']);
    expect(takeBalances().at(-1)).toEqual([100_000, 100_000, 0, 0]);
  });

  test('a limit below what is held rejects new holds until enough is given back', async () => {
    await driver.pipe(accountsRequests, request('FundsHoldRequested', 500), limitChanged(400));
    expect(takeBalances().at(-1)).toEqual([400, -100, 500, 0]);
    const next = (orderId: string) =>
      sample('FundsHoldRequested', {
        ...{ orderId, userId: USER_ID, amount: 400, currency: 'JPY' },
        pieces: 1,
      });
    await driver.pipe(accountsRequests, next('second'));
    await driver.pipe(accountsRequests, request('FundsReleaseRequested', 500), next('third'));
    expect(takeAnswers()).toEqual(['FundsHeld', 'FundsHoldRejected', 'FundsReleased', 'FundsHeld']);
  });

  test('an old change of the limit that comes again does not undo a newer one', async () => {
    await driver.pipe(accountsRequests, limitChanged(1_000), limitChanged(2_000));
    takeBalances();
    await driver.pipe(accountsRequests, limitChanged(1_000));
    expect(takeBalances()).toEqual([]);
    await driver.pipe(accountsRequests, limitChanged(1_000, 2));
    expect(takeBalances()).toEqual([[1_000, 1_000, 0, 0]]);
  });

  test('another limit under the id of one that was set is recorded, and the first stands', async () => {
    const marked = { ...limitChanged(1_000), requestKey: 'key', requestFingerprint: 'one' };
    const other = { ...marked, limit: 2_000, requestFingerprint: 'two' };
    await driver.pipe(accountsRequests, marked, other, marked);
    expect(takeBalances()).toEqual([[1_000, 1_000, 0, 0]]);
    expect(driver.deadLetters()).toMatchObject([
      { errorCode: 'IDEMPOTENCY_CONFLICT', topic: accountsRequests.name, offset: 1 },
    ]);
  });

  test('a release that comes before its hold keeps it from holding funds', async () => {
    await driver.pipe(accountsRequests, request('FundsReleaseRequested', 500));
    await driver.pipe(accountsRequests, request('FundsHoldRequested', 500));
    expect(driver.take(accountsEvents)).toMatchObject([
      { type: 'FundsHoldRejected', reason: 'RELEASED_BEFORE' },
    ]);
    expect(takeBalances()).toEqual([]);
  });

  test('what has ended is forgotten after a week, what is held or used is not', async () => {
    const key = `${USER_ID}/${ORDER_ID}`;
    await driver.pipe(accountsRequests, request('FundsHoldRequested', 500));
    await driver.advance(WEEK_MS);
    expect(await driver.state('accounts', key)).toMatchObject({ status: 'HELD' });
    await driver.pipe(accountsRequests, request('FundsReleaseRequested', 500));
    await driver.advance(WEEK_MS - 1);
    expect(await driver.state('accounts', key)).toMatchObject({ status: 'RELEASED' });
    await driver.advance(1);
    expect(await driver.state('accounts', key)).toBeUndefined();
    expect(await driver.state('accounts', USER_ID)).toMatchObject({ available: 100_000 });
  });

  test('limits and holds survive a restart, with and without the store', async () => {
    await driver.pipe(accountsRequests, request('FundsHoldRequested', 500));
    for (const store of ['kept', 'lost'] as const) await driver.restart('accounts', { store });
    takeBalances();
    await driver.pipe(accountsRequests, request('FundsCaptureRequested', 500));
    expect(takeBalances()).toEqual([[100_000, 99_500, 0, 500]]);
  });

  test('what makes no sense becomes a dead letter and changes nothing', async () => {
    const inDollars = sample('SpendingLimitChanged', {
      userId: USER_ID,
      limit: 1,
      currency: 'USD',
      actor: 'operator',
      ...UNMARKED,
      reason: '',
    });
    await driver.pipe(
      accountsRequests,
      limitChanged(-1),
      inDollars,
      request('FundsHoldRequested', 0),
      request('FundsHoldRequested', 1, 'USD'),
      request('FundsCaptureRequested', 1),
    );
    expect(driver.deadLetters().map(({ errorCode }) => errorCode)).toEqual([
      'MALFORMED_AMOUNT',
      'OTHER_CURRENCY',
      'MALFORMED_AMOUNT',
      'OTHER_CURRENCY',
      'ILLEGAL_MOVE',
    ]);
    expect(takeAnswers()).toEqual([]);
    expect(takeBalances()).toEqual([]);
  });
});
