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

  test('is empty beyond its end', async () => {
    const answer = await get('topics/orders.events.v1/messages?partition=0&offset=99');
    expect(answer.json()).toEqual({ messages: [], next: 5 });
  });

  test('says how far each app is behind, views by their place in Postgres', async () => {
    const ofViews = async () => {
      const { apps } = (await get('lag')).json<{ apps: { app: string; lagRecords: unknown }[] }>();
      expect(apps.map(({ app }) => app)).toContain('orders');
      return apps.find(({ app }) => app === 'views')?.lagRecords;
    };
    const place = { topic: 'orders.events.v1', partition: 0, nextOffset: 2 };
    edge.readModels.places.push(place);
    expect(await ofViews()).toBe(3);
    edge.readModels.places.splice(0, 1, { ...place, nextOffset: 5 });
    expect(await ofViews()).toBe(0);
    edge.readModels.down = true;
    expect(await ofViews()).toBeNull();
  });

  test.each([
    ['topics/no.such.topic/messages?partition=0', 404, 'NOT_FOUND'],
    ['topics/orders.events.v1/messages', 400, 'MISSING_FIELD'],
    ['topics/orders.events.v1/messages?partition=7', 400, 'INVALID_FIELD'],
    ['topics/orders.events.v1/messages?partition=0&offset=-1', 400, 'INVALID_FIELD'],
    ['topics/orders.events.v1/messages?partition=0&key=a', 400, 'UNKNOWN_FIELD'],
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
