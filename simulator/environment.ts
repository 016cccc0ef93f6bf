import { cleanEnv, host, num, port, str, url } from 'envalid';
import { CODE_LIFETIME_DEFAULT_MS, type Settings } from './settings';

/** The simulator's configuration; every value has a default but where its webhooks go. */
export interface SimulatorEnvironment {
  readonly host: string;
  readonly port: number;
  /** The folder of its journal. */
  readonly dataFolder: string;
  readonly publicUrl?: string;
  readonly credentials: { readonly apiKey: string; readonly apiSecret: string };
  readonly merchantId: string;
  readonly settings: Settings;
  readonly logLevel: string;
}

export const PORT_DEFAULT = 4010;

/** Reads SIMULATOR_* and PAYPAY_*; envalid names what is missing and ends the process. */
export function simulatorEnvironment(environment: NodeJS.ProcessEnv): SimulatorEnvironment {
  const env = cleanEnv(environment, {
    SIMULATOR_HOST: host({ default: '127.0.0.1' }),
    SIMULATOR_PORT: port({ default: PORT_DEFAULT }),
    SIMULATOR_DATA: str({ default: 'var/data/simulator' }),
    SIMULATOR_WEBHOOK_URL: url(),
    SIMULATOR_PUBLIC_URL: url({ default: undefined }),
    SIMULATOR_CODE_LIFETIME_MS: num({ default: CODE_LIFETIME_DEFAULT_MS }),
    SIMULATOR_AUTO_PAY_MS: num({ default: 0 }),
    PAYPAY_API_KEY: str({ default: 'simulator-key' }),
    PAYPAY_API_SECRET: str({ default: 'simulator-secret' }),
    PAYPAY_MERCHANT_ID: str({ default: 'simulator-merchant' }),
    LOG_LEVEL: str({ default: 'info' }),
  });
  const publicUrl: string | undefined = env.SIMULATOR_PUBLIC_URL;
  return {
    host: env.SIMULATOR_HOST,
    port: env.SIMULATOR_PORT,
    dataFolder: env.SIMULATOR_DATA,
    credentials: { apiKey: env.PAYPAY_API_KEY, apiSecret: env.PAYPAY_API_SECRET },
    merchantId: env.PAYPAY_MERCHANT_ID,
    logLevel: env.LOG_LEVEL,
    settings: {
      webhookUrl: env.SIMULATOR_WEBHOOK_URL,
      codeLifetimeMs: env.SIMULATOR_CODE_LIFETIME_MS,
      autoPay:
        env.SIMULATOR_AUTO_PAY_MS > 0
          ? { kind: 'after', delayMs: env.SIMULATOR_AUTO_PAY_MS }
          : { kind: 'off' },
      refundDelayMs: 0,
      refuseRefunds: false,
      failRefunds: false,
      refuseReverts: false,
    },
    ...(publicUrl === undefined ? {} : { publicUrl: publicUrl.replace(/\/$/, '') }),
  };
}
