import { EnvironmentError } from '../../../platform/environment-error';
import { systemClock } from '../../../platform/clock';
import { paymentProvider } from '../../../streams/gateway/providers';

const PAYPAY = {
  PAYPAY_API_KEY: 'key',
  PAYPAY_API_SECRET: 'secret',
  PAYPAY_MERCHANT_ID: 'merchant',
};

const opened = (environment: NodeJS.ProcessEnv) => () =>
  paymentProvider(environment, systemClock).close();

test('PayPay takes the payments unless another is named', () => {
  expect(opened(PAYPAY)).not.toThrow();
  expect(opened({ ...PAYPAY, PAYMENT_PROVIDER: 'paypay' })).not.toThrow();
});

test('a provider that nobody wrote is refused, and so is one without its variables', () => {
  expect(opened({ ...PAYPAY, PAYMENT_PROVIDER: 'cash' })).toThrow(EnvironmentError);
  expect(opened({ PAYMENT_PROVIDER: 'paypay' })).toThrow(
    /PAYPAY_API_KEY.*PAYPAY_API_SECRET.*PAYPAY_MERCHANT_ID/,
  );
});
