import { paymentProvider } from '../../../streams/gateway/providers';
import { systemClock } from '../../../platform/clock';
import { EnvironmentError } from '../../../platform/environment-error';

const PAYPAY = {
  PAYPAY_API_KEY: 'key',
  PAYPAY_API_SECRET: 'secret',
  PAYPAY_MERCHANT_ID: 'merchant',
};

const providerOf = (environment: NodeJS.ProcessEnv) => () => {
  paymentProvider(environment, systemClock).close();
};

test('PayPay takes the payments unless another is named', () => {
  expect(providerOf(PAYPAY)).not.toThrow();
  expect(providerOf({ ...PAYPAY, PAYMENT_PROVIDER: 'paypay' })).not.toThrow();
});

test('a provider that nobody wrote is refused, and so is one without its variables', () => {
  expect(providerOf({ ...PAYPAY, PAYMENT_PROVIDER: 'cash' })).toThrow(EnvironmentError);
  expect(providerOf({ ...PAYPAY, PAYMENT_PROVIDER: 'cash' })).toThrow(/PAYMENT_PROVIDER/);
  expect(providerOf({ PAYMENT_PROVIDER: 'paypay' })).toThrow(/PAYPAY_API_KEY.*PAYPAY_MERCHANT_ID/);
});
