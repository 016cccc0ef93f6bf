import { paymentProvider } from '../../../streams/gateway/providers';
import { systemClock } from '../../../platform/clock';

const PAYPAY = {
  PAYPAY_API_KEY: 'key',
  PAYPAY_API_SECRET: 'secret',
  PAYPAY_MERCHANT_ID: 'merchant',
};

/** envalid says what is wrong on standard error, and ends the process. */
function isRefused(environment: NodeJS.ProcessEnv): boolean {
  const exit = jest.spyOn(process, 'exit').mockImplementation(() => {
    throw new Error('exit');
  });
  try {
    paymentProvider(environment, systemClock).close();
    return false;
  } catch {
    return exit.mock.calls[0]?.[0] === 1;
  } finally {
    exit.mockRestore();
  }
}

test('PayPay takes the payments unless another is named', () => {
  expect(isRefused(PAYPAY)).toBe(false);
  expect(isRefused({ ...PAYPAY, PAYMENT_PROVIDER: 'paypay' })).toBe(false);
});

test('a provider that nobody wrote is refused, and so is one without its variables', () => {
  expect(isRefused({ ...PAYPAY, PAYMENT_PROVIDER: 'cash' })).toBe(true);
  expect(isRefused({ PAYMENT_PROVIDER: 'paypay' })).toBe(true);
});
