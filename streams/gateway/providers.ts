/**
 * Who takes the payments: the providers by name, of which a gateway calls one. Each keeps the port
 * in paypay/client.ts, reads its own variables, and throws an EnvironmentError that names what is missing.
 */
import { cleanEnv, str } from 'envalid';
import { refuseEnvironment } from '../../platform/environment-error';
import type { Clock } from '../../platform/clock';
import type { PayPayClient } from './paypay/client';
import { payPayConfiguration } from './paypay/configuration';
import { payPaySdkClient } from './paypay/sdk-client';

type Connect = (environment: NodeJS.ProcessEnv, clock: Clock) => PayPayClient;

const PROVIDERS = {
  paypay: (environment, clock) => payPaySdkClient(payPayConfiguration(environment), clock),
} as const satisfies Record<string, Connect>;

type ProviderName = keyof typeof PROVIDERS;

const PROVIDER_NAMES = Object.keys(PROVIDERS) as ProviderName[];

/** The one that PAYMENT_PROVIDER names; PayPay when it names none. Throws EnvironmentError. */
export function paymentProvider(environment: NodeJS.ProcessEnv, clock: Clock): PayPayClient {
  const specs = { PAYMENT_PROVIDER: str({ choices: PROVIDER_NAMES, default: 'paypay' }) };
  const { PAYMENT_PROVIDER: name } = cleanEnv(environment, specs, { reporter: refuseEnvironment });
  return PROVIDERS[name](environment, clock);
}
