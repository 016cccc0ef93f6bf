import { webhookLine } from '../../simulator/command-text';
import { watchWebhooks } from '../../simulator/webhook-watch';
import type { Webhook } from '../../simulator/webhook-log';
import { systemClock } from '../../platform/clock';
import { startSimulator, type RunningSimulator } from './running-simulator';
import { until } from './until';

let simulator: RunningSimulator;

beforeEach(async () => {
  simulator = await startSimulator(systemClock);
});
afterEach(() => simulator.close());

function forge(merchantPaymentId: string): Promise<Webhook> {
  return simulator.control.forgeBody(merchantPaymentId, { state: 'COMPLETED' }, { lose: true });
}

test('each webhook is told once, as soon as it is known what became of it', async () => {
  await forge('before-1');
  const told: Webhook[] = [];
  const stop = new AbortController();
  const watching = watchWebhooks(simulator.control, (webhook) => told.push(webhook), stop.signal);
  const first = await forge('order-1');
  // The watch may only be beginning: what is over by then is not told.
  const all = [first.webhookId];
  while (told.length === 0) all.push((await forge('order-1')).webhookId);
  const last = await forge('order-2');
  await until(() => told.some(({ webhookId }) => webhookId === last.webhookId));
  stop.abort();
  await watching;
  const ids = told.map(({ webhookId }) => webhookId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(told.every(({ merchantPaymentId }) => merchantPaymentId !== 'before-1')).toBe(true);
  expect(ids.slice(0, -1)).toEqual(all.slice(all.indexOf(ids[0] ?? '')));
});

test('a simulator that goes away ends the watch with an error', async () => {
  const stop = new AbortController();
  const other = await startSimulator(systemClock);
  const watching = watchWebhooks(other.control, () => undefined, stop.signal);
  const ended = expect(watching).rejects.toThrow();
  await other.close();
  await ended;
});

test('a line tells when, with the zone, what and how it was answered', () => {
  const line = webhookLine({
    webhookId: 'w1',
    origin: 'payment',
    merchantPaymentId: 'order-1',
    body: { state: 'COMPLETED' },
    plan: { lose: false, delayMs: 0, copies: 1, hold: false },
    createdAt: 0,
    phase: 'delivered',
    attempts: [
      { copy: 1, attempt: 1, sentAt: 0, answeredAt: 5, result: { kind: 'timeout' } },
      { copy: 1, attempt: 2, sentAt: 9, answeredAt: 9, result: { kind: 'answered', status: 200 } },
    ],
  });
  expect(line).toMatch(
    /^ {2}\d\d:\d\d:\d\d[+-]\d{4} {2}w1 {2}COMPLETED payment delivered \[timeout, 200\]$/,
  );
});
