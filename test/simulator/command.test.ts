import { COMMANDS, CommandError, drawOf, milliseconds, runCommand } from '../../simulator/command';
import { payPaySdkClient } from '../../streams/gateway/paypay/sdk-client';
import { systemClock } from '../../platform/clock';
import {
  CREDENTIALS,
  MERCHANT_ID,
  startSimulator,
  type RunningSimulator,
} from './running-simulator';

let simulator: RunningSimulator;

beforeEach(async () => {
  simulator = await startSimulator(systemClock);
  const client = payPaySdkClient(
    {
      endpoint: { protocol: 'http', host: '127.0.0.1', port: Number(new URL(simulator.url).port) },
      ...CREDENTIALS,
      merchantId: MERCHANT_ID,
      timeoutMs: 2_000,
    },
    systemClock,
  );
  for (const merchantPaymentId of ['aaaa-bbbb-1', 'aaaa-bbbb-2', 'aaaa-cccc-1']) {
    await client.createCode({ merchantPaymentId, amount: 5, currency: 'JPY', description: '' });
  }
  client.close();
});
afterEach(() => simulator.close());

function run(command: string, operands: readonly string[] = [], options = {}): Promise<string> {
  return runCommand(simulator.control, command, operands, options);
}

describe('npm run simulate:paypay', () => {
  test('acts on the newest code of an order that is named by its id', async () => {
    expect(await run('pay', ['aaaa-bbbb'], { lose: true })).toMatch('aaaa-bbbb-2  COMPLETED');
    expect((await simulator.control.payment('aaaa-bbbb-1')).status).toBe('CREATED');
    expect(await simulator.control.webhooks()).toMatchObject([{ phase: 'lost' }]);
  });

  test('refuses an id that could be another order, or is none', async () => {
    await expect(run('pay', ['aaaa'])).rejects.toThrow('2 orders begin with aaaa');
    await expect(run('pay', ['zzzz'])).rejects.toThrow('no payment begins with zzzz');
    await expect(run('pay')).rejects.toThrow('give an id');
  });

  test('gives the faults of the command line to the webhook', async () => {
    await run('fail', ['aaaa-cccc'], { delay: '5s', copies: '2', hold: true, amount: '9' });
    expect(await simulator.control.webhooks()).toMatchObject([
      { plan: { lose: false, delayMs: 5_000, copies: 2, hold: true, amount: 9 } },
    ]);
  });

  test('lists payments, and says that there are no webhooks yet', async () => {
    expect((await run('list')).split('\n')).toHaveLength(3);
    expect(await run('webhooks')).toBe('no webhooks yet');
  });

  test('shows the steps of a payment and what was sent about it', async () => {
    await run('pay', ['aaaa-cccc'], { lose: true });
    const shown = await run('show', ['aaaa-cccc']);
    expect(shown).toMatch(/create-code +CREATED/);
    expect(shown).toMatch(/COMPLETED payment lost/);
  });

  test('takes a success back, or refunds a part of it', async () => {
    await run('pay', ['aaaa-cccc'], { lose: true });
    expect(await run('revert', ['aaaa-cccc'], { to: 'FAILED', lose: true })).toMatch('FAILED');
    await run('pay', ['aaaa-bbbb'], { lose: true });
    expect(await run('refund', ['aaaa-bbbb'], { amount: '2' })).toMatch('REFUNDED');
    await expect(run('revert', ['aaaa-bbbb'])).rejects.toThrow('--to');
  });

  test('refunds later, or takes a refund on that fails', async () => {
    await run('pay', ['aaaa-bbbb'], { lose: true });
    await run('refund', ['aaaa-bbbb'], { amount: '2', delay: '40s', fails: true });
    const [payment] = await simulator.control.payments({ prefix: 'aaaa-bbbb' });
    const [refund] = payment?.refunds ?? [];
    expect(refund).toMatchObject({ amount: 2, fails: true });
    expect((refund?.completesAt ?? 0) - (refund?.acceptedAt ?? 0)).toBe(40_000);
  });

  test('breaks the API for a time and repairs it', async () => {
    await run('outage', ['error'], { for: '30s', applied: true });
    expect((await simulator.control.state()).outage).toMatchObject({
      mode: 'error',
      effect: 'applied',
    });
    await run('outage', ['off']);
    expect((await simulator.control.state()).outage).toBeNull();
    await expect(run('outage', ['error'])).rejects.toThrow('--for');
  });

  test('plans webhooks of one payment or of all, and forges one', async () => {
    await run('plan', ['all'], { copies: '3' });
    await run('plan', ['aaaa-cccc'], { lose: true });
    await run('forge', ['aaaa-cccc', 'COMPLETED']);
    expect(await simulator.control.webhooks()).toMatchObject([
      { origin: 'forged', phase: 'lost', plan: { copies: 3 } },
    ]);
    await expect(run('forge', ['aaaa-cccc', 'PAID'])).rejects.toThrow(CommandError);
  });

  test('does not know other commands', async () => {
    await expect(run('destroy')).rejects.toThrow('unknown command destroy');
    for (const command of COMMANDS) {
      const answer = await run(command).catch((error: unknown) => String(error));
      expect(answer).not.toMatch('unknown command');
    }
  });

  test('draws faults for new orders, says which, and ends it', async () => {
    expect(await run('faults')).toMatch('new orders have no faults');
    const drawn = await run('faults', ['draw'], { seed: '7', among: 'lost,doubled' });
    expect(drawn).toMatch('faults among lost, doubled, drawn from seed 7');
    expect((await simulator.control.state()).faultMix).toEqual({
      kind: 'drawn',
      seed: 7,
      among: ['lost', 'doubled'],
    });
    await run('faults', ['off']);
    expect((await simulator.control.state()).faultMix).toEqual({ kind: 'off' });
    await expect(run('faults', ['draw'])).rejects.toThrow('--seed');
    await expect(run('faults', ['on'])).rejects.toThrow('faults on is not known');
  });

  test('names the faults that there are to whom it gives another', () => {
    expect(drawOf({ seed: '3', among: 'none' })).toEqual({ seed: 3, among: [] });
    expect(drawOf({}).among).toContain('unknown-order');
    expect(() => drawOf({ among: 'lost,found' })).toThrow('no fault found; there are\n  webhook');
    expect(() => drawOf({ seed: 'one' })).toThrow(CommandError);
  });

  test.each([
    ['500ms', 500],
    ['5s', 5_000],
    ['2m', 120_000],
  ])('reads %s as %d ms', (text, ms) => {
    expect(milliseconds(text)).toBe(ms);
  });

  test('refuses a time without a unit', () => {
    expect(() => milliseconds('5')).toThrow(CommandError);
  });
});
