import type { PayPayClient } from '../../../../streams/gateway/paypay/client';
import { payPaySdkClient } from '../../../../streams/gateway/paypay/sdk-client';
import { systemClock, type Clock } from '../../../../platform/clock';
import { ManualClock } from '../../../../platform/manual-clock';
import {
  CREDENTIALS,
  MERCHANT_ID,
  startSimulator,
  type RunningSimulator,
} from '../../../simulator/running-simulator';

/** The client over PayPay's SDK against the real simulator on a loopback port. */
let simulator: RunningSimulator;
let client: PayPayClient;

beforeEach(async () => {
  simulator = await startSimulator(systemClock);
  client = merchant();
});
afterEach(async () => {
  client.close();
  await simulator.close();
});

function merchant(clock: Clock = systemClock, apiSecret = CREDENTIALS.apiSecret): PayPayClient {
  return payPaySdkClient(
    {
      endpoint: { protocol: 'http', host: '127.0.0.1', port: Number(new URL(simulator.url).port) },
      apiKey: CREDENTIALS.apiKey,
      apiSecret,
      merchantId: MERCHANT_ID,
      timeoutMs: 2_000,
    },
    clock,
  );
}

function createCode(merchantPaymentId = 'order-1', by = client) {
  return by.createCode({
    merchantPaymentId,
    amount: 1_200,
    currency: 'JPY',
    description: '抹茶ラテ',
    redirectUrl: 'http://127.0.0.1:3000/orders/1',
  });
}

async function createdCodeId(): Promise<string> {
  const code = await createCode();
  if (code.kind !== 'created') throw new Error(code.kind);
  return code.codeId;
}

/** Pays by the shopper's hand and gives PayPay's id of the payment. */
async function paidPaymentId(): Promise<string> {
  await createCode();
  const { paymentId } = await simulator.control.act('order-1', {
    action: 'pay',
    webhook: { lose: true },
  });
  return paymentId;
}

describe('a code', () => {
  test('is created with what a shop shows and until when', async () => {
    const before = Date.now();
    const code = await createCode();
    expect(code).toMatchObject({
      kind: 'created',
      url: expect.stringContaining(simulator.url) as string,
    });
    if (code.kind !== 'created') throw new Error(code.kind);
    expect(code.expiresAt).toBeGreaterThan(before + 298_000);
    expect(code.expiresAt).toBeLessThanOrEqual(Date.now() + 300_000);
  });

  test('for an id that was used before is a duplicate', async () => {
    await createCode();
    expect(await createCode()).toEqual({ kind: 'duplicate' });
  });

  test('with an id that PayPay does not take is rejected with its code', async () => {
    expect(await createCode('x'.repeat(65))).toMatchObject({
      kind: 'rejected',
      code: 'INVALID_REQUEST_PARAMS',
    });
  });

  test('is deleted once', async () => {
    const codeId = await createdCodeId();
    expect(await client.deleteCode(codeId)).toEqual({ kind: 'deleted' });
    expect(await client.deleteCode(codeId)).toEqual({ kind: 'not-found' });
  });

  test('that was paid meanwhile is not deleted', async () => {
    const codeId = await createdCodeId();
    await simulator.control.act('order-1', { action: 'pay', webhook: { lose: true } });
    expect(await client.deleteCode(codeId)).toEqual({ kind: 'already-paid' });
  });
});

describe('the details of a payment', () => {
  test('are CREATED and nothing more while nobody has paid', async () => {
    await createCode();
    expect(await client.paymentDetails('order-1')).toEqual({ kind: 'observed', status: 'CREATED' });
  });

  test('of a success have its id, its amount and its time', async () => {
    const paymentId = await paidPaymentId();
    const details = await client.paymentDetails('order-1');
    expect(details).toMatchObject({
      kind: 'observed',
      status: 'COMPLETED',
      paymentId,
      amount: 1_200,
      currency: 'JPY',
      refunds: [],
    });
  });

  test.each(['fail', 'expire', 'cancel'] as const)('after %s carry no money', async (action) => {
    await createCode();
    await simulator.control.act('order-1', { action, webhook: { lose: true } });
    const details = await client.paymentDetails('order-1');
    expect(details).not.toHaveProperty('amount');
    expect(details).toHaveProperty('paymentId');
  });

  test('follow PayPay when it takes a success back', async () => {
    await paidPaymentId();
    await simulator.control.act('order-1', {
      action: 'revert',
      to: 'FAILED',
      webhook: { lose: true },
    });
    expect(await client.paymentDetails('order-1')).toMatchObject({ status: 'FAILED' });
  });

  test('of an unknown payment are not found, whatever its id looks like', async () => {
    expect(await client.paymentDetails('nobody')).toEqual({ kind: 'not-found' });
    expect(await client.paymentDetails('$& / ?x=1')).toEqual({ kind: 'not-found' });
  });
});

describe('taking money back', () => {
  const REFUND = {
    merchantRefundId: 'refund-1',
    amount: 1_200,
    currency: 'JPY',
    reason: 'late success',
  } as const;

  test('a refund is completed, and a repeat of it is the same refund', async () => {
    const paymentId = await paidPaymentId();
    expect(await client.refund({ ...REFUND, paymentId })).toEqual({ kind: 'completed' });
    expect(await client.refund({ ...REFUND, paymentId })).toEqual({ kind: 'completed' });
    expect(await client.paymentDetails('order-1')).toMatchObject({
      status: 'REFUNDED',
      refunds: [{ merchantRefundId: 'refund-1', status: 'REFUNDED', amount: 1_200 }],
    });
  });

  test('a refund that takes its time is accepted first', async () => {
    await simulator.control.change({ refundDelayMs: 60_000 });
    const paymentId = await paidPaymentId();
    expect(await client.refund({ ...REFUND, paymentId })).toEqual({
      kind: 'accepted',
      status: 'CREATED',
    });
    expect(await client.refundDetails('refund-1')).toEqual({ kind: 'accepted', status: 'CREATED' });
  });

  test('a refund that PayPay does not want is rejected; an unknown one is not found', async () => {
    await simulator.control.change({ refuseRefunds: true });
    const paymentId = await paidPaymentId();
    expect(await client.refund({ ...REFUND, paymentId })).toMatchObject({
      kind: 'rejected',
      code: 'UNACCEPTABLE_OP',
    });
    expect(await client.refundDetails('refund-1')).toEqual({ kind: 'not-found' });
  });

  test('money that is set aside is given free, and a repeat is the same revert', async () => {
    await createCode();
    await simulator.control.act('order-1', { action: 'authorize' });
    const details = await client.paymentDetails('order-1');
    expect(details).toMatchObject({ status: 'AUTHORIZED', amount: 1_200 });
    const { paymentId = '' } = details as { paymentId?: string };
    const revert = { merchantRevertId: 'revert-1', paymentId, reason: 'cancelled' };
    await simulator.control.change({ refuseReverts: true });
    const refused = { kind: 'rejected', code: 'ORDER_NOT_REVERSIBLE' };
    expect(await client.revertAuthorization(revert)).toMatchObject(refused);
    await simulator.control.change({ refuseReverts: false });
    expect(await client.revertAuthorization(revert)).toEqual({ kind: 'reverted' });
    expect(await client.revertAuthorization(revert)).toEqual({ kind: 'reverted' });
    expect(await client.paymentDetails('order-1')).toMatchObject({ status: 'CANCELED' });
  });

  test('money that was taken is not given free', async () => {
    const paymentId = await paidPaymentId();
    const revert = { merchantRevertId: 'revert-1', paymentId, reason: 'cancelled' };
    expect(await client.revertAuthorization(revert)).toMatchObject({ kind: 'rejected' });
    expect(await client.paymentDetails('order-1')).toMatchObject({ status: 'COMPLETED' });
  });

  test('a payment is cancelled once', async () => {
    await paidPaymentId();
    expect(await client.cancelPayment('order-1')).toEqual({ kind: 'accepted' });
    expect(await client.cancelPayment('order-1')).toEqual({ kind: 'not-reversible' });
    expect(await client.cancelPayment('nobody')).toEqual({ kind: 'not-found' });
  });
});

describe('when PayPay is not well', () => {
  test.each([
    ['disconnect', 'unreachable'],
    ['error', 'server-error'],
    ['maintenance', 'server-error'],
    ['rate-limit', 'rate-limited'],
    ['garbage', 'garbage'],
  ] as const)('%s leaves the outcome open: %s', async (mode, reason) => {
    await simulator.control.breakApi({ mode, durationMs: 60_000 });
    const unavailable = { kind: 'unavailable', reason };
    expect(await createCode()).toMatchObject(unavailable);
    expect(await client.deleteCode('04-a')).toMatchObject(unavailable);
    expect(await client.paymentDetails('order-1')).toMatchObject(unavailable);
    expect(await client.cancelPayment('order-1')).toMatchObject(unavailable);
    expect(await client.refundDetails('refund-1')).toMatchObject(unavailable);
    await simulator.control.repairApi();
    expect(await client.paymentDetails('order-1')).toEqual({ kind: 'not-found' });
  });

  test('an answer that was lost leaves behind a code that nobody was told of', async () => {
    await simulator.control.breakApi({
      mode: 'disconnect',
      effect: 'applied',
      durationMs: 60_000,
      operations: ['create-code'],
    });
    expect(await createCode()).toMatchObject({ kind: 'unavailable', reason: 'unreachable' });
    await simulator.control.repairApi();
    expect(await createCode()).toEqual({ kind: 'duplicate' });
  });

  test('an answer that does not come in time is a timeout', async () => {
    await simulator.control.breakApi({ mode: 'slow', durationMs: 60_000, delayMs: 60_000 });
    const clock = new ManualClock(0);
    const impatient = merchant(clock);
    const details = impatient.paymentDetails('order-1');
    clock.moveTo(2_000);
    expect(await details).toMatchObject({ kind: 'unavailable', reason: 'timeout' });
    impatient.close();
  });

  test('a wrong secret says nothing about any payment', async () => {
    await createCode();
    const stranger = merchant(systemClock, 'wrong');
    expect(await stranger.paymentDetails('order-1')).toMatchObject({
      kind: 'unavailable',
      reason: 'unauthorized',
      code: 'UNAUTHORIZED',
    });
    stranger.close();
  });

  test('nothing is written to the console', async () => {
    const written = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    await client.paymentDetails('nobody');
    expect(written).not.toHaveBeenCalled();
    written.mockRestore();
  });
});

test('two clients with different secrets do not disturb each other', async () => {
  const stranger = merchant(systemClock, 'wrong');
  const [ours, theirs] = await Promise.all([
    createCode('order-1'),
    createCode('order-2', stranger),
  ]);
  expect(ours.kind).toBe('created');
  expect(theirs.kind).toBe('unavailable');
  stranger.close();
});
