import { verifyAuthorization } from '../../simulator/authorization';
import { CREDENTIALS } from './running-simulator';
import { signed, type SignedRequest } from './signed-request';

const CODE = {
  merchantPaymentId: 'order-1',
  amount: { amount: 1, currency: 'JPY' },
  codeType: 'ORDER_QR',
  orderDescription: '抹茶ラテ',
};

function verdict(request: SignedRequest, now = Date.now()) {
  const { method, path, headers, body } = request;
  return verifyAuthorization(
    {
      header: headers['Authorization'],
      method,
      path,
      contentType: headers['Content-Type'],
      body: Buffer.from(body),
    },
    CREDENTIALS,
    now,
  );
}

describe("PayPay's request signature", () => {
  test('of the SDK is authentic with a body and without one', async () => {
    const post = await signed((sdk) => sdk.qrCodeCreate({ ...CODE }));
    const get = await signed((sdk) => sdk.getCodePaymentDetails(['order-1']));
    expect(verdict(post)).toEqual({ kind: 'authentic' });
    expect(verdict(get)).toEqual({ kind: 'authentic' });
  });

  test('made with another secret does not match', async () => {
    const request = await signed((sdk) => sdk.qrCodeCreate({ ...CODE }), 'another-secret');
    expect(verdict(request)).toEqual({ kind: 'refused', why: 'the mac does not match' });
  });

  test('does not cover another body, path or method', async () => {
    const request = await signed((sdk) => sdk.qrCodeCreate({ ...CODE }));
    const dearer = { ...request, body: request.body.replace('"amount":1', '"amount":2') };
    expect(verdict(dearer)).toEqual({ kind: 'refused', why: 'the hash is not of this body' });
    expect(verdict({ ...request, path: '/v2/refunds' }).kind).toBe('refused');
    expect(verdict({ ...request, method: 'DELETE' }).kind).toBe('refused');
  });

  test('is refused when it is more than two minutes old or ahead', async () => {
    const request = await signed((sdk) => sdk.getRefundDetails(['refund-1']));
    const soon = 118_000;
    const late = 123_000;
    expect(verdict(request, Date.now() + soon).kind).toBe('authentic');
    expect(verdict(request, Date.now() + late).kind).toBe('refused');
    expect(verdict(request, Date.now() - late).kind).toBe('refused');
  });

  test.each([
    ['no header', undefined],
    ['another scheme', 'Bearer abc'],
    ['too few parts', 'hmac OPA-Auth:test-key:mac:nonce:1'],
    ['another key', 'hmac OPA-Auth:key:mac:nonce:1:empty'],
    ['an epoch that is no number', 'hmac OPA-Auth:test-key:mac:nonce:now:empty'],
  ])('is refused with %s', (_name, header) => {
    const request = {
      header,
      method: 'GET',
      path: '/',
      contentType: undefined,
      body: Buffer.alloc(0),
    };
    expect(verifyAuthorization(request, CREDENTIALS, 1_000).kind).toBe('refused');
  });
});
