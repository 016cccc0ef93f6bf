import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../simulator/command';
import { fileJournal } from '../../simulator/journal';
import { payPaySdkClient } from '../../streams/gateway/paypay/sdk-client';
import { systemClock } from '../../platform/clock';
import { CREDENTIALS, MERCHANT_ID, startSimulator } from './running-simulator';
import { until } from './until';

function merchant(url: string) {
  return payPaySdkClient(
    {
      endpoint: { protocol: 'http', host: '127.0.0.1', port: Number(new URL(url).port) },
      ...CREDENTIALS,
      merchantId: MERCHANT_ID,
      timeoutMs: 2_000,
    },
    systemClock,
  );
}

const CODE = {
  merchantPaymentId: 'order-1',
  amount: 700,
  currency: 'JPY',
  description: 'cake',
} as const;

test('a restarted simulator knows the payments, codes and refunds of before', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
  const first = await startSimulator(systemClock, undefined, fileJournal(folder));
  const before = merchant(first.url);
  const code = await before.createCode(CODE);
  await first.control.act('order-1', { action: 'pay', webhook: { lose: true } });
  before.close();
  await first.close();

  const second = await startSimulator(systemClock, undefined, fileJournal(folder));
  const after = merchant(second.url);
  expect(await after.paymentDetails('order-1')).toMatchObject({ status: 'COMPLETED', amount: 700 });
  expect(await after.createCode(CODE)).toEqual({ kind: 'duplicate' });
  if (code.kind !== 'created') throw new Error(code.kind);
  expect(await after.deleteCode(code.codeId)).toEqual({ kind: 'already-paid' });
  after.close();

  // What was sent before is not known any more: a nought would be untrue.
  const { deliveries, isOlderThanLog } = await second.control.payment('order-1');
  expect({ deliveries, isOlderThanLog }).toEqual({
    deliveries: { sent: 0, accepted: 0 },
    isOlderThanLog: true,
  });
  expect(await runCommand(second.control, 'list', [], {})).toMatch('not known from before');
  await second.close();
  rmSync(folder, { recursive: true });
});

test('a page that follows along hears of every change', async () => {
  const simulator = await startSimulator(systemClock);
  const revisions: number[] = [];
  const request = get(`${simulator.url}/simulator/events`, (response) => {
    response.on('data', (chunk: Buffer) => {
      revisions.push(...[...chunk.toString().matchAll(/data: (\d+)/g)].map(([, n]) => Number(n)));
    });
  });
  await until(() => revisions.length === 1);
  const client = merchant(simulator.url);
  await client.createCode(CODE);
  await until(() => revisions.length > 1);
  expect(revisions.at(-1)).toBe((await simulator.control.state()).revision);
  request.destroy();
  client.close();
  await simulator.close();
});
