import { orderHeader } from '../../../schemas/header';
import { ordersEvents } from '../../../topics/orders';
import { OPS_TOKEN, SHOPPER_TOKEN, buildTestEdge, type TestEdge } from '../in-memory-parts';
import { ORDER_ID } from '../rows';

describe('the log, as operators look at it', () => {
  let edge: TestEdge;
  let cookie: string;

  beforeAll(async () => {
    edge = await buildTestEdge();
    cookie = await edge.signIn(OPS_TOKEN);
    for (const detail of ['first', 'second', 'third']) {
      edge.kafka.append(ordersEvents, {
        type: 'OrderFailed',
        ...orderHeader({ id: detail, at: 1_000 }, 'failed', ORDER_ID),
        userId: 'shopper-1',
        reason: 'TIMED_OUT',
        detail,
      });
    }
    edge.kafka.appendBytes(ordersEvents, ORDER_ID, Buffer.from('no event'));
    edge.kafka.appendBytes(ordersEvents, ORDER_ID, null);
  });
  beforeEach(() => edge.reset());
  afterAll(() => edge.app.close());

  const get = (path: string) => edge.app.inject({ url: `/api/${path}`, headers: { cookie } });

  test('begins with its topics, and where other clients find them', async () => {
    const answer = (await get('topics')).json<{ topics: { name: string }[] }>();
    expect(answer).toMatchObject({
      brokers: '127.0.0.1:9092',
      registryUrl: 'http://127.0.0.1:8081/',
      partitions: 1,
    });
    expect(answer.topics.map(({ name }) => name)).toContain('orders.events.v1');
  });

  test('gives decoded records from an offset on, and where the next page begins', async () => {
    const answer = await get('topics/orders.events.v1/messages?partition=0&offset=1&limit=2');
    expect(answer.json()).toMatchObject({
      messages: [
        { offset: 1, key: ORDER_ID, type: 'OrderFailed', payload: { detail: 'second' } },
        { offset: 2, key: ORDER_ID, type: 'OrderFailed', payload: { detail: 'third' } },
      ],
      next: 3,
    });
  });

  test('gives the newest without an offset, also what cannot be read', async () => {
    const answer = await get('topics/orders.events.v1/messages?partition=0&limit=2');
    expect(answer.json()).toMatchObject({
      messages: [
        { offset: 3, type: null, payload: null, problem: expect.any(String) as string },
        { offset: 4, type: null, problem: 'a tombstone: the key was deleted' },
      ],
      next: 5,
    });
  });

  test('gives the newest of one key, with their schema and headers', async () => {
    edge.kafka.appendBytes(ordersEvents, 'another-key', Buffer.from('no event'));
    const path = 'topics/orders.events.v1/messages?partition=0';
    const { messages } = (await get(`${path}&key=another-key`)).json<{ messages: unknown[] }>();
    expect(messages).toMatchObject([{ offset: 5, schemaId: null, headers: {}, valueBytes: 8 }]);
    const own = (await get(`${path}&key=${ORDER_ID}&limit=4`)).json<{ messages: unknown[] }>();
    expect(own.messages).toMatchObject([
      { offset: 1, schemaId: expect.any(Number) as number },
      { offset: 2 },
      { offset: 3 },
      { offset: 4, valueBytes: 0 },
    ]);
  });

  test('reads what is not committed only where it is told to, by a name that is known', async () => {
    const path = 'topics/orders.events.v1/messages?partition=0&limit=1';
    const all = await get(`${path}&isolation=read_uncommitted`);
    expect(all.json()).toMatchObject({ messages: [{ outcome: 'COMMITTED' }] });
    const unknown = await get(`${path}&isolation=dirty`);
    expect(unknown.statusCode).toBe(400);
    expect(unknown.json()).toMatchObject({ error: { field: 'isolation' } });
  });

  test('begins at a time, by the log’s own', async () => {
    const path = 'topics/orders.events.v1/messages?partition=0&limit=1';
    const second = (await get(`${path}&offset=1`)).json<{ messages: { loggedAt: number }[] }>();
    const at = second.messages[0]?.loggedAt ?? 0;
    const found = (await get(`${path}&at=${at}`)).json<{ messages: { loggedAt: number }[] }>();
    expect(found.messages[0]?.loggedAt).toBe(at);
    const later = (await get(`${path}&at=${at + 3_600_000}`)).json<{ messages: unknown[] }>();
    expect(later.messages).toEqual([]);
  });

  test('says where each partition ends, and how far each app has come', async () => {
    const offsets = (await get('log-offsets')).json<{
      topics: { name: string; partitions: { start: number; end: number }[] }[];
      apps: { app: string; positions: unknown[] | null }[];
    }>();
    const orders = offsets.topics.find(({ name }) => name === 'orders.events.v1');
    expect(orders?.partitions).toEqual([{ partition: 0, start: 0, end: 6 }]);
    expect(offsets.apps.map(({ app }) => app)).toContain('views');
  });

  test('is empty beyond its end', async () => {
    const answer = await get('topics/orders.events.v1/messages?partition=0&offset=99');
    expect(answer.json()).toEqual({ messages: [], next: 6 });
  });

  test('says how far each app is behind, views by their place in Postgres', async () => {
    const ofViews = async () => {
      const { apps } = (await get('lag')).json<{ apps: { app: string; lagRecords: unknown }[] }>();
      expect(apps.map(({ app }) => app)).toContain('orders');
      return apps.find(({ app }) => app === 'views')?.lagRecords;
    };
    const place = { topic: 'orders.events.v1', partition: 0, nextOffset: 2 };
    edge.readModels.places.push(place);
    expect(await ofViews()).toBe(4);
    edge.readModels.places.splice(0, 1, { ...place, nextOffset: 6 });
    expect(await ofViews()).toBe(0);
    edge.readModels.down = true;
    expect(await ofViews()).toBeNull();
  });

  test.each([
    ['topics/no.such.topic/messages?partition=0', 404, 'NOT_FOUND'],
    ['topics/orders.events.v1/messages', 400, 'MISSING_FIELD'],
    ['topics/orders.events.v1/messages?partition=7', 400, 'INVALID_FIELD'],
    ['topics/orders.events.v1/messages?partition=0&offset=-1', 400, 'INVALID_FIELD'],
    ['topics/orders.events.v1/messages?partition=0&word=a', 400, 'UNKNOWN_FIELD'],
    ['topics/orders.events.v1/messages?partition=0&at=yesterday', 400, 'INVALID_FIELD'],
  ])('refuses %s', async (path, status, code) => {
    const answer = await get(path);
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ error: { code } });
  });

  test('is not for shoppers, and 503 without Kafka', async () => {
    const shopper = await edge.signIn(SHOPPER_TOKEN);
    const refused = await edge.app.inject({ url: '/api/topics', headers: { cookie: shopper } });
    expect(refused.statusCode).toBe(403);
    edge.log.down = true;
    const path = 'topics/orders.events.v1/messages?partition=0';
    expect((await get(path)).json()).toMatchObject({ error: { code: 'LOG_UNAVAILABLE' } });
  });
});
