import { cleanEnv, num, str, url } from 'envalid';
import { EnvironmentError, refuseEnvironment } from '../../../platform/environment-error';

/**
 * Where PayPay is and who we are to it. The simulator, PayPay's sandbox and the real PayPay
 * differ in these values only.
 */
export interface PayPayConfiguration {
  readonly endpoint: PayPayEndpoint;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** The merchant we act for; PayPay's X-ASSUME-MERCHANT. */
  readonly merchantId: string;
  /** From the first byte sent to the last byte of the answer. */
  readonly timeoutMs: number;
}

export interface PayPayEndpoint {
  readonly protocol: 'http' | 'https';
  readonly host: string;
  readonly port: number;
}

/** The host that PayPay's SDK calls STAGING: its sandbox for developers. */
const SANDBOX_URL = 'https://apigw.sandbox.paypay.ne.jp';

/** Longer than PayPay takes on a bad day, shorter than the 30 s its guide advises as a limit. */
const TIMEOUT_DEFAULT_MS = 10_000;

/** Those that the SDK knows, and whichever else PayPay gives a name. */
const PAYPAYS_OWN = /(^|\.)paypay\.ne\.jp\.?$/i;

export class PayPayConfigurationError extends EnvironmentError {
  override readonly name = 'PayPayConfigurationError';
}

/** Reads PAYPAY_*. Throws EnvironmentError, which names all that is missing. */
export function payPayConfiguration(environment: NodeJS.ProcessEnv): PayPayConfiguration {
  const specs = {
    PAYPAY_API_URL: url({ default: SANDBOX_URL }),
    PAYPAY_API_KEY: str(),
    PAYPAY_API_SECRET: str(),
    PAYPAY_MERCHANT_ID: str(),
    PAYPAY_SIMULATOR_HOST: str({ default: '' }),
    PAYPAY_TIMEOUT_MS: num({ default: TIMEOUT_DEFAULT_MS }),
  };
  const env = cleanEnv(environment, specs, { reporter: refuseEnvironment });
  return {
    endpoint: payPayEndpoint(env.PAYPAY_API_URL, env.PAYPAY_SIMULATOR_HOST),
    apiKey: env.PAYPAY_API_KEY,
    apiSecret: env.PAYPAY_API_SECRET,
    merchantId: env.PAYPAY_MERCHANT_ID,
    timeoutMs: env.PAYPAY_TIMEOUT_MS,
  };
}

/**
 * The SDK takes a host and a port and signs PayPay's own paths, so a prefix cannot be honoured.
 * Plain HTTP carries the signature in the clear: loopback only, and the one other host that
 * PAYPAY_SIMULATOR_HOST calls a simulator, such as a container's. Who calls PayPay must not set that.
 * Throws PayPayConfigurationError.
 */
export function payPayEndpoint(apiUrl: string, simulatorHost = ''): PayPayEndpoint {
  const { protocol, hostname, port, pathname } = new URL(apiUrl);
  if (simulatorHost !== '' && [hostname, simulatorHost].some((host) => PAYPAYS_OWN.test(host))) {
    throw new PayPayConfigurationError(
      `PAYPAY_SIMULATOR_HOST (${simulatorHost}) is for a simulator, and PAYPAY_API_URL or it names PayPay; leave it out`,
    );
  }
  if (pathname !== '/') {
    throw new PayPayConfigurationError(
      `PAYPAY_API_URL has a path (${pathname}); give host and port only`,
    );
  }
  switch (protocol) {
    case 'https:':
      return { protocol: 'https', host: hostname, port: portOf(port, 443) };
    case 'http:':
      if (!isLoopback(hostname) && hostname !== simulatorHost) {
        throw new PayPayConfigurationError(
          `PAYPAY_API_URL is plain http on ${hostname}; use https, or the simulator on loopback or at PAYPAY_SIMULATOR_HOST`,
        );
      }
      return { protocol: 'http', host: withoutBrackets(hostname), port: portOf(port, 80) };
    default:
      throw new PayPayConfigurationError(`PAYPAY_API_URL has protocol ${protocol}; use https`);
  }
}

function portOf(port: string, standard: number): number {
  return port === '' ? standard : Number(port);
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** A URL writes an IPv6 address in brackets, a socket wants it bare. */
function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}
