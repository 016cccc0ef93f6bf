import { deadLetterOfRecord } from '../../../streams/runtime/task/dead-letter';
import { deadLetters } from '../../../topics/dead-letters';
import { ordersEvents } from '../../../topics/orders';
import { OPS_TOKEN, SHOPPER_TOKEN, buildTestEdge, type TestEdge } from '../in-memory-parts';

const REASON = { app: 'alerts', errorCode: 'HANDLER_FAILED' };

let edge: TestEdge;
let eventId: string;

beforeAll(async () => {
  edge = await buildTestEdge();
  const offset = edge.kafka.appendBytes(ordersEvents, 'order-1', Buffer.from('x'));
  const record = {
    ...{ topic: ordersEvents.name, partition: 0, offset, timestamp: 0 },
    ...{ key: Buffer.from('order-1'), value: Buffer.from('x'), headers: {} },
  };
  const letter = deadLetterOfRecord(REASON.app, record, { ...REASON, reason: 'a bug' });
  edge.kafka.append(deadLetters, letter);
  ({ eventId } = letter);
});
beforeEach(() => edge.reset());
afterAll(() => edge.app.close());

async function redrive(payload: object, idToken = OPS_TOKEN) {
  return edge.app.inject({
    method: 'POST',
    url: '/api/dead-letters/redrive',
    headers: { cookie: await edge.signIn(idToken) },
    payload,
  });
}

test('a whole reason is looked at, redriven once, and no second time', async () => {
  const place = { topic: ordersEvents.name, partition: 0, offset: 0 };
  const letter = { eventId, ...REASON, ...place, detail: null };
  const answers = [
    { preview: true, state: 'waiting' },
    { preview: false, state: 'waiting' },
    { preview: false, state: 'redriven' },
    { preview: true, state: 'redriven' },
  ];
  for (const { preview, state } of answers) {
    const answer = await redrive({ ...REASON, preview });
    expect(answer.json()).toEqual({ letters: [{ ...letter, state }] });
  }
  expect((await redrive({ eventIds: [eventId], preview: true })).json()).toMatchObject({
    letters: [{ state: 'redriven' }],
  });
});

test('half a reason is refused: it would be everything of an app', async () => {
  const answer = await redrive({ app: 'alerts', preview: false });
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({ error: { code: 'MISSING_FIELD', field: 'eventIds' } });
});

test('a shopper redrives nothing, and without Kafka nobody does', async () => {
  expect((await redrive({ ...REASON, preview: false }, SHOPPER_TOKEN)).statusCode).toBe(403);
  edge.log.down = true;
  expect((await redrive({ ...REASON, preview: false })).statusCode).toBe(503);
});
