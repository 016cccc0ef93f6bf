import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../../platform/clock';
import type { ArchivedWebhook } from '../../../edge/replay/archived-webhooks';
import { replayWebhooks, type ReplayAnswer } from '../../../edge/replay/webhook-replay';

const EVENT_ID = '0b5c1d3e-94a6-5c2f-8f57-5a4f6d0c9e21';

let server: Server;
let url: string;
let received: { readonly replayOf: unknown; readonly key: unknown; readonly body: string }[];
let status: number;

beforeEach(async () => {
  received = [];
  status = 200;
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { 'x-webhook-replay': replayOf, 'x-webhook-replay-key': key } = request.headers;
      received.push({ replayOf, key, body });
      const answer = status === 200 ? {} : { error: { code: 'LOG_UNAVAILABLE' } };
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/paypay`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

async function* archive(...bodies: readonly string[]): AsyncGenerator<ArchivedWebhook> {
  for (const body of bodies) {
    yield await Promise.resolve({ eventId: EVENT_ID, body } as ArchivedWebhook);
  }
}

function replay(...bodies: readonly string[]) {
  return replayOf(archive(...bodies));
}

async function replayOf(webhooks: AsyncIterable<ArchivedWebhook>, replayKey?: string) {
  const answers: ReplayAnswer[] = [];
  const count = await replayWebhooks(webhooks, {
    webhookUrl: url,
    perSecondMax: 1_000,
    replayKey,
    clock: systemClock,
    answered: (_webhook, answer) => answers.push(answer),
  });
  return { answers, count };
}

test('webhooks are sent again byte for byte, in order, marked as what they are', async () => {
  const { count } = await replay(' {"a": 1}\n', '{"b":2}');
  expect(received).toEqual([
    { replayOf: EVENT_ID, key: undefined, body: ' {"a": 1}\n' },
    { replayOf: EVENT_ID, key: undefined, body: '{"b":2}' },
  ]);
  expect(count).toEqual({ sent: 2, accepted: 2 });
});

test('a refusal is shown with its code, and does not end the replay', async () => {
  status = 503;
  const { answers, count } = await replay('{}', '{}');
  expect(answers).toEqual([
    { kind: 'answered', status: 503, code: 'LOG_UNAVAILABLE' },
    { kind: 'answered', status: 503, code: 'LOG_UNAVAILABLE' },
  ]);
  expect(count).toEqual({ sent: 2, accepted: 0 });
});

test('an edge that is not there is shown as such', async () => {
  url = 'http://127.0.0.1:9/webhooks/paypay';
  const { answers } = await replay('{}');
  expect(answers).toMatchObject([{ kind: 'unreachable' }]);
});

/** What an edge archives of a webhook that no order hears of. */
async function* setAside(
  kept: string,
  bodyBytes = Buffer.byteLength(kept),
): AsyncGenerator<ArchivedWebhook> {
  const webhook = {
    type: 'WebhookSetAside',
    eventId: EVENT_ID,
    body: Buffer.from(kept),
    bodyBytes,
  };
  yield await Promise.resolve(webhook as ArchivedWebhook);
}

test('what was set aside is sent again too, with the key that lets it in', async () => {
  const { count } = await replayOf(setAside('{"notification_type":"file.created"}'), 'secret');
  expect(received).toEqual([
    { replayOf: EVENT_ID, key: 'secret', body: '{"notification_type":"file.created"}' },
  ]);
  expect(count).toEqual({ sent: 1, accepted: 1 });
});

test('a webhook of which only the start was kept is not sent', async () => {
  const { answers, count } = await replayOf(setAside('{"start":', 90_000));
  expect(received).toEqual([]);
  expect(answers).toMatchObject([{ kind: 'unsent' }]);
  expect(count).toEqual({ sent: 0, accepted: 0 });
});
