import { combinePlans, type WebhookPlan } from '../../simulator/fault-plan';
import { WebhookLog, type Webhook, type WebhookPhase } from '../../simulator/webhook-log';
import { WebhookSender } from '../../simulator/webhook-sender';
import { ManualClock } from '../../platform/manual-clock';
import { until } from './until';
import { startReceiver, type WebhookReceiver } from './webhook-receiver';

const START = 1_000_000;

let receiver: WebhookReceiver;
let clock: ManualClock;
let log: WebhookLog;
let sender: WebhookSender;

beforeEach(async () => {
  receiver = await startReceiver();
  clock = new ManualClock(START);
  log = new WebhookLog(() => undefined);
  sender = new WebhookSender({ clock, log, url: () => receiver.url });
});
afterEach(async () => {
  await sender.close();
  await receiver.close();
});

function send(webhookId: string, plan: WebhookPlan = {}): void {
  const webhook: Webhook = {
    webhookId,
    origin: 'payment',
    merchantPaymentId: 'order-1',
    body: { state: webhookId },
    plan: combinePlans(plan),
    createdAt: clock.now(),
    phase: 'waiting',
    attempts: [],
  };
  sender.send(webhook);
}

function phase(webhookId: string): WebhookPhase | undefined {
  return log.find(webhookId)?.phase;
}

function attempts(webhookId: string) {
  return log.find(webhookId)?.attempts ?? [];
}

function states(): readonly string[] {
  return receiver.received.map(({ state }) => state);
}

describe('a webhook', () => {
  test('that is answered with 2xx is sent once', async () => {
    send('COMPLETED');
    await until(() => phase('COMPLETED') === 'delivered');
    expect(receiver.received).toEqual([{ state: 'COMPLETED' }]);
    expect(log.countOf('order-1')).toEqual({ sent: 1, accepted: 1 });
  });

  test('that is answered with an error is tried three more times, 100 ms apart', async () => {
    receiver.answerWith(503);
    send('COMPLETED');
    for (let tried = 1; tried <= 3; tried += 1) {
      await until(() => attempts('COMPLETED').length === tried);
      clock.moveTo(clock.now() + 99);
      clock.moveTo(clock.now() + 1);
    }
    await until(() => phase('COMPLETED') === 'undelivered');
    expect(attempts('COMPLETED').map(({ sentAt }) => sentAt - START)).toEqual([0, 100, 200, 300]);
    expect(receiver.received).toHaveLength(4);
    expect(log.countOf('order-1')).toEqual({ sent: 4, accepted: 0 });
  });

  test('is not tried again before its pause is over', async () => {
    receiver.answerWith(503);
    send('COMPLETED');
    await until(() => attempts('COMPLETED').length === 1);
    clock.moveTo(START + 99);
    receiver.answerWith(200);
    expect(phase('COMPLETED')).toBe('sending');
    clock.moveTo(START + 100);
    await until(() => phase('COMPLETED') === 'delivered');
    expect(attempts('COMPLETED').map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  test('that is not answered within 2 s counts as failed and is tried again', async () => {
    receiver.answerWith('silence');
    send('COMPLETED');
    await until(() => receiver.received.length === 1);
    clock.moveTo(START + 2_000);
    await until(() => attempts('COMPLETED').length === 1);
    expect(attempts('COMPLETED')[0]?.result).toEqual({ kind: 'timeout' });
    receiver.answerWith(200);
    clock.moveTo(START + 2_100);
    await until(() => phase('COMPLETED') === 'delivered');
  });

  test('that a redirect answers is not delivered', async () => {
    receiver.answerWith(302);
    send('COMPLETED');
    await until(() => attempts('COMPLETED').length === 1);
    expect(attempts('COMPLETED')[0]?.result).toEqual({ kind: 'answered', status: 302 });
    expect(phase('COMPLETED')).toBe('sending');
  });

  test('to an address where nobody listens is unreachable', async () => {
    await receiver.close();
    send('COMPLETED');
    await until(() => attempts('COMPLETED').length === 1);
    expect(attempts('COMPLETED')[0]?.result.kind).toBe('unreachable');
  });
});

describe('a fault of a webhook', () => {
  test('lose: it is never sent', () => {
    send('COMPLETED', { lose: true });
    expect(phase('COMPLETED')).toBe('lost');
    expect(log.countOf('order-1')).toEqual({ sent: 0, accepted: 0 });
  });

  test('delay: it is sent when its time has come and not before', async () => {
    send('COMPLETED', { delayMs: 5_000 });
    clock.moveTo(START + 4_999);
    expect(phase('COMPLETED')).toBe('waiting');
    clock.moveTo(START + 5_000);
    await until(() => phase('COMPLETED') === 'delivered');
    expect(attempts('COMPLETED')[0]?.sentAt).toBe(START + 5_000);
  });

  test('copies: it arrives so many times', async () => {
    send('COMPLETED', { copies: 2 });
    await until(() => phase('COMPLETED') === 'delivered');
    expect(states()).toEqual(['COMPLETED', 'COMPLETED']);
    expect(
      attempts('COMPLETED')
        .map(({ copy }) => copy)
        .sort(),
    ).toEqual([1, 2]);
  });

  test("a held webhook arrives after the payment's next one", async () => {
    send('FAILED', { hold: true });
    await until(() => phase('FAILED') === 'held');
    send('COMPLETED');
    await until(() => phase('FAILED') === 'delivered');
    expect(states()).toEqual(['COMPLETED', 'FAILED']);
  });

  test('a held webhook goes out after a minute when no other comes', async () => {
    send('FAILED', { hold: true });
    await until(() => phase('FAILED') === 'held');
    clock.moveTo(START + 60_000);
    await until(() => phase('FAILED') === 'delivered');
  });
});

test('a sender that closes drops what is waiting and held', async () => {
  send('AUTHORIZED', { delayMs: 5_000 });
  send('COMPLETED', { hold: true });
  await sender.close();
  expect(phase('AUTHORIZED')).toBe('dropped');
  expect(phase('COMPLETED')).toBe('dropped');
});

test('the log keeps the newest 500 webhooks', () => {
  for (let number = 1; number <= 501; number += 1) send(`w${number}`, { lose: true });
  expect(log.find('w1')).toBeUndefined();
  expect(log.newest(1_000)).toHaveLength(500);
  expect(log.newest(1)[0]?.webhookId).toBe('w501');
});
