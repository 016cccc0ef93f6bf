import type { KnownSilence } from '../../../edge/read-models/read-models';
import type { EventOf } from '../../../schemas/event';
import { OPS_TOKEN, SHOPPER_TOKEN, buildTestEdge, type TestEdge } from '../in-memory-parts';

const HOUR_MS = 3_600_000;
const SILENCE_ID = '7a8fca11-3a57-5bd6-9c7f-6f2f3f0b7a03';

function silenceRow(change: Partial<KnownSilence> = {}): KnownSilence {
  return {
    silenceId: SILENCE_ID,
    eventId: SILENCE_ID,
    rule: 'RULE_A',
    orderId: null,
    until: Date.now() + HOUR_MS,
    author: 'night-shift@example.com',
    reason: 'maintenance',
    endedAt: null,
    endedBy: null,
    endReason: null,
    ...change,
  };
}

describe('silences', () => {
  let edge: TestEdge;

  beforeAll(async () => {
    edge = await buildTestEdge();
  });
  beforeEach(() => edge.reset());
  afterAll(() => edge.app.close());

  async function post(path: string, payload: object, idToken = OPS_TOKEN, key = 'key-1') {
    const headers = {
      cookie: await edge.signIn(idToken),
      ...(key === '' ? {} : { 'idempotency-key': key }),
    };
    return edge.app.inject({ method: 'POST', url: `/api/silences${path}`, headers, payload });
  }

  function writtenSilences(): readonly EventOf<'Silence'>[] {
    return edge.log.written.map(({ event }) => event as EventOf<'Silence'>);
  }

  const end = (payload: object, idToken = OPS_TOKEN, key = 'key-1') =>
    post(`/${SILENCE_ID}/end`, payload, idToken, key);

  test('a silence says what it matches, until when and why', async () => {
    const until = Date.now() + HOUR_MS;
    const answer = await post('', { rule: 'RULE_A', until, reason: 'maintenance' });
    expect(answer.statusCode).toBe(202);
    const { silenceId } = answer.json<{ silenceId: string }>();
    const matcher = { rule: 'RULE_A', orderId: null };
    const author = 'ops@example.com';
    expect(edge.log.written).toMatchObject([
      {
        topic: 'alerts.silences.v1',
        event: { silenceId, matcher, until, author, reason: 'maintenance', endedAt: null },
      },
    ]);
  });

  test.each([-HOUR_MS, 31 * 24 * HOUR_MS])(
    'a silence until %i ms from now is refused',
    async (ms) => {
      const answer = await post('', { until: Date.now() + ms, reason: 'r' });
      expect(answer.statusCode).toBe(400);
      expect(answer.json()).toMatchObject({ error: { field: 'until' } });
    },
  );

  test('an end keeps what the silence was, and says who ended it, when and why', async () => {
    const silence = silenceRow();
    edge.readModels.silenceRows.push(silence);
    const before = Date.now();
    const answer = await end({ reason: 'the maintenance was short' });
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toEqual({ silenceId: SILENCE_ID });
    const { until, author, reason } = silence;
    expect(edge.log.written).toMatchObject([
      {
        topic: 'alerts.silences.v1',
        event: {
          silenceId: SILENCE_ID,
          matcher: { rule: 'RULE_A', orderId: null },
          until,
          author,
          reason,
          endedBy: 'ops@example.com',
          endReason: 'the maintenance was short',
        },
      },
    ]);
    const [written] = writtenSilences();
    expect(written?.endedAt).toBe(written?.occurredAt);
    expect(written?.endedAt).toBeGreaterThanOrEqual(before);
  });

  test('a repeat of an end that was taken is 202 and not written again, another end is 409', async () => {
    edge.readModels.silenceRows.push(silenceRow());
    await end({ reason: 'r' });
    const eventId = writtenSilences()[0]?.eventId ?? null;
    edge.readModels.silenceRows.splice(0, 1, silenceRow({ eventId, endedAt: Date.now() }));
    expect((await end({ reason: 'r' })).statusCode).toBe(202);
    const other = await end({ reason: 'r' }, OPS_TOKEN, 'key-2');
    expect(other.statusCode).toBe(409);
    expect(other.json()).toMatchObject({ error: { code: 'SILENCE_OVER' } });
    expect(edge.log.written).toHaveLength(1);
  });

  test('a repeat of the request that made it does not put an ended silence back in force', async () => {
    const body = { until: Date.now() + HOUR_MS, reason: 'maintenance' };
    const { silenceId } = (await post('', body)).json<{ silenceId: string }>();
    edge.readModels.silenceRows.push(silenceRow({ silenceId, endedAt: Date.now() }));
    const again = await post('', body);
    expect(again.statusCode).toBe(202);
    expect(again.json()).toEqual({ silenceId });
    expect(edge.log.written).toHaveLength(1);
  });

  test('what is over by itself cannot be ended, what is not known is 404', async () => {
    expect((await end({ reason: 'r' })).statusCode).toBe(404);
    edge.readModels.silenceRows.push(silenceRow({ until: Date.now() - 1 }));
    expect((await end({ reason: 'r' })).statusCode).toBe(409);
    expect(edge.log.written).toEqual([]);
  });

  test('an end without a reason is 400 by name, without a key too; a shopper may not', async () => {
    edge.readModels.silenceRows.push(silenceRow());
    expect((await end({})).json()).toMatchObject({ error: { field: 'reason' } });
    expect((await end({ reason: '' })).statusCode).toBe(400);
    expect((await end({ reason: 'r' }, OPS_TOKEN, '')).json()).toMatchObject({
      error: { code: 'IDEMPOTENCY_KEY_MISSING' },
    });
    expect((await end({ reason: 'r' }, SHOPPER_TOKEN)).statusCode).toBe(403);
    expect(edge.log.written).toEqual([]);
  });

  test('the list tells who ended a silence', async () => {
    const ended = { endedAt: 5, endedBy: 'ops@example.com', endReason: 'done' };
    edge.readModels.silenceRows.push(silenceRow(ended));
    const headers = { cookie: await edge.signIn(OPS_TOKEN) };
    const answer = await edge.app.inject({ url: '/api/silences', headers });
    expect(answer.json()).toMatchObject({ silences: [{ silenceId: SILENCE_ID, ...ended }] });
  });

  test('without Kafka and without Postgres an end is 503', async () => {
    edge.readModels.silenceRows.push(silenceRow());
    edge.log.down = true;
    expect((await end({ reason: 'r' })).statusCode).toBe(503);
    edge.log.down = false;
    edge.readModels.down = true;
    expect((await end({ reason: 'r' })).statusCode).toBe(503);
  });
});
