import type { AddressInfo } from 'node:net';
import { buildSimulator } from '../../simulator/app';
import { SimulatorClient } from '../../simulator/client';
import { memoryJournal, type Journal } from '../../simulator/journal';
import { CODE_LIFETIME_DEFAULT_MS } from '../../simulator/settings';
import type { Clock } from '../../platform/clock';

export const CREDENTIALS = { apiKey: 'test-key', apiSecret: 'test-secret' };
export const MERCHANT_ID = 'test-merchant';

/** Nobody listens there: for tests that do not look at webhooks. */
export const NOWHERE = 'http://127.0.0.1:9/webhooks/paypay';

export function simulatorOptions(clock: Clock, webhookUrl = NOWHERE, journal = memoryJournal()) {
  return {
    clock,
    journal,
    credentials: CREDENTIALS,
    merchantId: MERCHANT_ID,
    settings: {
      webhookUrl,
      codeLifetimeMs: CODE_LIFETIME_DEFAULT_MS,
      autoPay: { kind: 'off' },
      refundDelayMs: 0,
      refuseRefunds: false,
      failRefunds: false,
      refuseReverts: false,
    },
  } as const;
}

export interface RunningSimulator {
  readonly url: string;
  readonly control: SimulatorClient;
  close(): Promise<void>;
}

/** The real simulator on a free loopback port. */
export async function startSimulator(
  clock: Clock,
  webhookUrl?: string,
  journal?: Journal,
): Promise<RunningSimulator> {
  const app = buildSimulator(simulatorOptions(clock, webhookUrl, journal));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  return { url, control: new SimulatorClient(url), close: () => app.close() };
}
