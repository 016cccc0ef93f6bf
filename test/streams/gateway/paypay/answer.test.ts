import { CodeData, PaymentData, readAnswer } from '../../../../streams/gateway/paypay/answer';

function answer(status: number, code: string, data?: unknown) {
  return { STATUS: status, BODY: { resultInfo: { code, message: 'words', codeId: '1' }, data } };
}

const CODE = {
  codeId: '04-a',
  url: 'https://qr',
  deeplink: 'paypay://',
  expiryDate: 1_700_000_000,
};

describe("PayPay's answer", () => {
  test('is a success with data of the expected shape', () => {
    expect(readAnswer(CodeData, answer(201, 'SUCCESS', CODE))).toEqual({
      kind: 'success',
      data: CODE,
    });
  });

  test('may carry more fields than we use', () => {
    const data = { ...CODE, campaign: { name: 'new' } };
    expect(readAnswer(CodeData, answer(201, 'SUCCESS', data)).kind).toBe('success');
  });

  test.each([
    ['a missing field', { codeId: '04-a' }],
    ['a wrong type', { ...CODE, expiryDate: 'tomorrow' }],
    ['no data', undefined],
    ['a list', []],
  ])('with %s is garbage, not a success', (_name, data) => {
    expect(readAnswer(CodeData, answer(200, 'SUCCESS', data))).toMatchObject({
      kind: 'unavailable',
      reason: 'garbage',
    });
  });

  test('with a status that nobody knows is garbage', () => {
    const data = { status: 'PONDERING' };
    expect(readAnswer(PaymentData, answer(200, 'SUCCESS', data))).toMatchObject({
      reason: 'garbage',
    });
  });

  test('of a completed payment without an amount is garbage', () => {
    const data = { status: 'COMPLETED', paymentId: '04', acceptedAt: 1 };
    expect(readAnswer(PaymentData, answer(200, 'SUCCESS', data))).toMatchObject({
      reason: 'garbage',
    });
  });

  test.each([
    [400, 'INVALID_REQUEST_PARAMS', { kind: 'rejected', code: 'INVALID_REQUEST_PARAMS' }],
    [500, 'TRANSACTION_FAILED', { kind: 'rejected', code: 'TRANSACTION_FAILED' }],
    [500, 'INTERNAL_SERVER_ERROR', { kind: 'unavailable', reason: 'server-error' }],
    [503, 'MAINTENANCE_MODE', { kind: 'unavailable', reason: 'server-error' }],
    [429, 'RATE_LIMIT', { kind: 'unavailable', reason: 'rate-limited' }],
    [401, 'UNAUTHORIZED', { kind: 'unavailable', reason: 'unauthorized' }],
    [302, 'SUCCESS', { kind: 'unavailable', reason: 'garbage' }],
  ])('HTTP %d %s', (status, code, expected) => {
    expect(readAnswer(CodeData, answer(status, code))).toMatchObject(expected);
  });

  test.each([
    [502, 'server-error'],
    [429, 'rate-limited'],
    [200, 'garbage'],
    [404, 'garbage'],
  ])('HTTP %d without a result code is unavailable: %s', (status, reason) => {
    expect(readAnswer(CodeData, { STATUS: status, BODY: null })).toMatchObject({
      kind: 'unavailable',
      reason,
    });
  });

  test('that is no exchange at all is garbage', () => {
    expect(readAnswer(CodeData, undefined)).toMatchObject({ reason: 'garbage' });
  });
});
