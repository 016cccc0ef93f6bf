import type { PayPayRestSDK } from '@paypayopa/paypayopa-sdk-node/dist/lib/paypay-rest-sdk';
import type { FastifyInstance } from 'fastify';
import { buildSimulator } from '../../../simulator/app';
import { ManualClock } from '../../../platform/manual-clock';
import { simulatorOptions } from '../running-simulator';
import { signed, type SignedRequest } from '../signed-request';

let clock: ManualClock;
let app: FastifyInstance;

beforeEach(() => {
  clock = new ManualClock(Date.now());
  app = buildSimulator(simulatorOptions(clock));
});
afterEach(() => app.close());

/** The answer as PayPay's status, result code, code id and data. */
async function answer(request: SignedRequest) {
  const { method, path, headers, body } = request;
  const response = await app.inject({ method, url: path, headers: { ...headers }, payload: body });
  const { resultInfo, data } = response.json<{
    resultInfo: { code: string; codeId: string; message: string };
    data: Record<string, unknown>;
  }>();
  return { status: response.statusCode, ...resultInfo, data };
}

async function ask(call: (sdk: PayPayRestSDK) => Promise<unknown>) {
  return answer(await signed(call));
}

function createCode(merchantPaymentId = 'order-1', amount: unknown = 1_200) {
  return ask((sdk) =>
    sdk.qrCodeCreate({
      merchantPaymentId,
      amount: { amount, currency: 'JPY' },
      codeType: 'ORDER_QR',
      orderDescription: '抹茶ラテ',
    }),
  );
}

function details(merchantPaymentId = 'order-1') {
  return ask((sdk) => sdk.getCodePaymentDetails([merchantPaymentId]));
}

async function act(action: object, merchantPaymentId = 'order-1'): Promise<void> {
  const url = `/simulator/payments/${merchantPaymentId}/actions`;
  const response = await app.inject({ method: 'POST', url, payload: action });
  expect(response.statusCode).toBe(200);
}

describe("PayPay's API: codes", () => {
  test('a code is made with an url for the shopper, and its payment reads CREATED', async () => {
    const code = await createCode();
    expect(code).toMatchObject({ status: 201, code: 'SUCCESS', codeId: '08100001' });
    expect(code.data).toMatchObject({
      merchantPaymentId: 'order-1',
      url: expect.stringMatching(/^http:\/\/.+\/pay\/04-.+/) as string,
      deeplink: expect.stringMatching(/^paypay:/) as string,
      expiryDate: Math.floor((clock.now() + 300_000) / 1_000),
    });
    expect((await details()).data).toMatchObject({ status: 'CREATED', refunds: { data: [] } });
  });

  test('a second code with the same merchantPaymentId is refused without telling its url', async () => {
    await createCode();
    const second = await createCode();
    expect(second).toMatchObject({
      status: 400,
      code: 'DUPLICATE_DYNAMIC_QR_REQUEST',
      codeId: '01652073',
      data: null,
    });
  });

  test.each([
    ['amount.amount', 0],
    ['amount.amount', 1.5],
    ['amount.amount', 'many'],
  ])('a code with a wrong %s (%s) is refused by name', async (field, amount) => {
    const refused = await createCode('order-1', amount);
    expect(refused).toMatchObject({ status: 400, code: 'INVALID_REQUEST_PARAMS' });
    expect(refused.message).toMatch(field);
  });

  test('an id longer than 64 characters is refused', async () => {
    expect(await createCode('x'.repeat(65))).toMatchObject({ code: 'INVALID_REQUEST_PARAMS' });
  });

  test('a deleted code is gone: not found the second time, not payable', async () => {
    const { data } = await createCode();
    const codeId = String(data['codeId']);
    const remove = () => ask((sdk) => sdk.qrCodeDelete([codeId]));
    expect(await remove()).toMatchObject({ status: 200, code: 'SUCCESS' });
    expect(await remove()).toMatchObject({ status: 404, code: 'DYNAMIC_QR_NOT_FOUND' });
    expect((await details()).data['status']).toBe('CANCELED');
  });

  test('the code of a payment that was paid cannot be deleted', async () => {
    const { data } = await createCode();
    await act({ action: 'pay' });
    const refused = await ask((sdk) => sdk.qrCodeDelete([String(data['codeId'])]));
    expect(refused).toMatchObject({ status: 400, code: 'DYNAMIC_QR_ALREADY_PAID' });
  });

  test('an expired code still reads CREATED until it is deleted', async () => {
    const { data } = await createCode();
    clock.moveTo(clock.now() + 10_000);
    await act({ action: 'lapse' });
    expect((await details()).data['status']).toBe('CREATED');
    await ask((sdk) => sdk.qrCodeDelete([String(data['codeId'])]));
    expect((await details()).data['status']).toBe('EXPIRED');
  });
});

describe("PayPay's API: payments", () => {
  test('a completed payment has its PayPay id and the second it was accepted', async () => {
    await createCode();
    await act({ action: 'pay' });
    expect((await details()).data).toMatchObject({
      status: 'COMPLETED',
      paymentId: expect.stringMatching(/^\d{18}$/) as string,
      acceptedAt: Math.floor(clock.now() / 1_000),
      amount: { amount: 1_200, currency: 'JPY' },
    });
  });

  test('an unknown payment is refused by the code of the path it was asked by', async () => {
    expect(await details('nobody')).toMatchObject({
      status: 400,
      code: 'DYNAMIC_QR_PAYMENT_NOT_FOUND',
    });
    const other = await ask((sdk) => sdk.getPaymentDetails(['nobody']));
    expect(other).toMatchObject({ status: 404, code: 'RESOURCE_NOT_FOUND' });
  });

  test('a cancel is accepted, and then there is nothing left to reverse', async () => {
    await createCode();
    await act({ action: 'pay' });
    const cancel = () => ask((sdk) => sdk.paymentCancel(['order-1']));
    expect(await cancel()).toMatchObject({ status: 202, code: 'REQUEST_ACCEPTED' });
    expect((await details()).data['status']).toBe('CANCELED');
    expect(await cancel()).toMatchObject({ status: 400, code: 'ORDER_NOT_REVERSIBLE' });
  });
});

describe("PayPay's API: refunds", () => {
  async function paidPayment(): Promise<string> {
    await createCode();
    await act({ action: 'pay' });
    return String((await details()).data['paymentId']);
  }

  function refund(paymentId: string, merchantRefundId = 'refund-1', amount = 1_200) {
    return ask((sdk) =>
      sdk.paymentRefund({ merchantRefundId, paymentId, amount: { amount, currency: 'JPY' } }),
    );
  }

  test('a refund is done, shows in the payment, and is the same refund when repeated', async () => {
    const paymentId = await paidPayment();
    const first = await refund(paymentId);
    expect(first).toMatchObject({ status: 200, data: { status: 'REFUNDED', paymentId } });
    expect(await refund(paymentId)).toEqual(first);
    expect((await details()).data).toMatchObject({
      status: 'REFUNDED',
      refunds: { data: [{ merchantRefundId: 'refund-1', status: 'REFUNDED' }] },
    });
  });

  test('a payment takes several refunds, until nothing is left', async () => {
    const paymentId = await paidPayment();
    expect(await refund(paymentId, 'refund-1', 100)).toMatchObject({ status: 200 });
    expect(await refund(paymentId, 'refund-2', 1_101)).toMatchObject({ code: 'INVALID_PARAMS' });
    expect(await refund(paymentId, 'refund-2', 1_100)).toMatchObject({ status: 200 });
    expect(await refund(paymentId, 'refund-3', 1)).toMatchObject({
      code: 'UNACCEPTABLE_OP',
      codeId: '00200014',
    });
    expect((await details()).data).toMatchObject({
      refunds: { data: [{ merchantRefundId: 'refund-1' }, { merchantRefundId: 'refund-2' }] },
    });
  });

  test('a refund may be taken on and fail', async () => {
    await app.inject({
      method: 'PATCH',
      url: '/simulator/settings',
      payload: { refundDelayMs: 3_000, failRefunds: true },
    });
    const paymentId = await paidPayment();
    expect((await refund(paymentId)).data['status']).toBe('CREATED');
    clock.moveTo(clock.now() + 3_000);
    const later = await ask((sdk) => sdk.getRefundDetails(['refund-1']));
    expect(later.data['status']).toBe('FAILED');
  });

  test('a refund over the amount, of nothing paid, or of nobody is refused', async () => {
    const paymentId = await paidPayment();
    expect(await refund(paymentId, 'refund-1', 1_201)).toMatchObject({ code: 'INVALID_PARAMS' });
    expect(await refund('04999')).toMatchObject({ status: 404, code: 'RESOURCE_NOT_FOUND' });
    await act({ action: 'revert', to: 'FAILED' });
    expect(await refund(paymentId)).toMatchObject({ codeId: '00200013' });
  });

  test('a refund that takes its time reads CREATED until then', async () => {
    await app.inject({
      method: 'PATCH',
      url: '/simulator/settings',
      payload: { refundDelayMs: 3_000 },
    });
    const paymentId = await paidPayment();
    expect((await refund(paymentId)).data['status']).toBe('CREATED');
    clock.moveTo(clock.now() + 3_000);
    const later = await ask((sdk) => sdk.getRefundDetails(['refund-1']));
    expect(later.data['status']).toBe('REFUNDED');
  });

  test('an unknown refund is not found', async () => {
    const unknown = await ask((sdk) => sdk.getRefundDetails(['nobody']));
    expect(unknown).toMatchObject({ status: 404, code: 'NO_SUCH_REFUND_ORDER' });
  });
});

describe("PayPay's API: who may ask", () => {
  test('a request signed with another secret is unauthorized and changes nothing', async () => {
    const request = await signed(
      (sdk) =>
        sdk.qrCodeCreate({
          merchantPaymentId: 'order-1',
          amount: { amount: 1, currency: 'JPY' },
          codeType: 'ORDER_QR',
        }),
      'another-secret',
    );
    expect(await answer(request)).toMatchObject({ status: 401, code: 'UNAUTHORIZED' });
    expect(await details()).toMatchObject({ code: 'DYNAMIC_QR_PAYMENT_NOT_FOUND' });
  });

  test('a request for another merchant is out of scope', async () => {
    const request = await signed(
      (sdk) => sdk.getCodePaymentDetails(['order-1']),
      undefined,
      'someone-else',
    );
    expect(await answer(request)).toMatchObject({ status: 401, code: 'OP_OUT_OF_SCOPE' });
  });

  test('an empty request, well signed, is refused by the name of what is missing', async () => {
    const refused = await ask((sdk) => sdk.qrCodeCreate({}));
    expect(refused).toMatchObject({ status: 400, code: 'INVALID_REQUEST_PARAMS' });
    expect(refused.message).toMatch('merchantPaymentId');
  });
});
