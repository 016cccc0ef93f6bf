import {
  payPayConfiguration,
  payPayEndpoint,
  PayPayConfigurationError,
} from '../../../../streams/gateway/paypay/configuration';

const IDENTITY = {
  PAYPAY_API_KEY: 'key',
  PAYPAY_API_SECRET: 'secret',
  PAYPAY_MERCHANT_ID: 'merchant',
};

describe('the configuration of PayPay', () => {
  test("is PayPay's sandbox when no address is given", () => {
    expect(payPayConfiguration(IDENTITY).endpoint).toEqual({
      protocol: 'https',
      host: 'apigw.sandbox.paypay.ne.jp',
      port: 443,
    });
  });

  test('takes the address of a simulator on this machine', () => {
    const environment = { ...IDENTITY, PAYPAY_API_URL: 'http://127.0.0.1:4010' };
    expect(payPayConfiguration(environment).endpoint).toEqual({
      protocol: 'http',
      host: '127.0.0.1',
      port: 4010,
    });
    expect(payPayEndpoint('http://[::1]:4010')).toMatchObject({ host: '::1' });
  });

  test('takes a simulator in another container where its host is said to be one', () => {
    const environment = {
      ...IDENTITY,
      PAYPAY_API_URL: 'http://simulator:4010',
      PAYPAY_SIMULATOR_HOST: 'simulator',
    };
    expect(payPayConfiguration(environment).endpoint).toEqual({
      protocol: 'http',
      host: 'simulator',
      port: 4010,
    });
  });

  test.each([
    ['another host than the one named', 'http://simulator.example', 'simulator'],
    ['PayPay by plain http', 'http://apigw.paypay.ne.jp', 'apigw.paypay.ne.jp'],
    ['PayPay, were it by https', 'https://apigw.paypay.ne.jp', 'simulator'],
    ['PayPay by its full name', 'http://APIGW.paypay.ne.jp.', 'apigw.paypay.ne.jp.'],
    ["PayPay's sandbox", 'https://apigw.sandbox.paypay.ne.jp', 'simulator'],
    ['a simulator that is PayPay', 'http://127.0.0.1:4010', 'apigw.paypay.ne.jp'],
  ])('does not take for a simulator %s', (_name, url, simulatorHost) => {
    expect(() => payPayEndpoint(url, simulatorHost)).toThrow(PayPayConfigurationError);
  });

  test.each([
    ['plain http to another machine', 'http://paypay.example'],
    ['a name that only looks like loopback', 'http://127.evil.example'],
    ['a path', 'https://paypay.example/v2'],
    ['another protocol', 'ftp://127.0.0.1'],
  ])('refuses %s', (_name, url) => {
    expect(() => payPayEndpoint(url)).toThrow(PayPayConfigurationError);
  });
});
