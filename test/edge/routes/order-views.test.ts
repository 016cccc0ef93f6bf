import {
  OPS_TOKEN,
  OTHER_TOKEN,
  SHOPPER_TOKEN,
  buildTestEdge,
  type TestEdge,
} from '../in-memory-parts';
import { ORDER_ID, OTHER_ORDER_ID, orderRow, paymentRow, timelineRow } from '../rows';

describe('the views of orders', () => {
  let edge: TestEdge;

  beforeAll(async () => {
    edge = await buildTestEdge();
  });
  beforeEach(() => {
    edge.reset();
    edge.readModels.orderRows.push(orderRow());
    edge.readModels.payments.set(ORDER_ID, paymentRow());
    edge.readModels.timelines.set(ORDER_ID, [
      timelineRow('orders.events.v1', 'OrderCreated', 1),
      timelineRow('payments.notifications.v1', 'PaymentNotificationReceived', 2),
    ]);
  });
  afterAll(() => edge.app.close());

  async function get(idToken: string, url: string) {
    return edge.app.inject({ url, headers: { cookie: await edge.signIn(idToken) } });
  }

  test('the owner sees the order as it is', async () => {
    const answer = await get(SHOPPER_TOKEN, `/api/orders/${ORDER_ID}`);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual(orderRow());
  });

  test.each(['', '/timeline', '/payment'])(
    'for another shopper there is no order%s',
    async (path) => {
      const answer = await get(OTHER_TOKEN, `/api/orders/${ORDER_ID}${path}`);
      expect(answer.statusCode).toBe(404);
    },
  );

  test('the owner’s timeline leaves out what only operators may see', async () => {
    const answer = await get(SHOPPER_TOKEN, `/api/orders/${ORDER_ID}/timeline`);
    const { entries } = answer.json<{ entries: { type: string }[] }>();
    expect(entries.map(({ type }) => type)).toEqual(['OrderCreated']);
  });

  test('an operator’s timeline has everything, with payloads', async () => {
    const answer = await get(OPS_TOKEN, `/api/orders/${ORDER_ID}/timeline`);
    expect(answer.json()).toEqual({
      orderId: ORDER_ID,
      entries: edge.readModels.timelines.get(ORDER_ID),
      next: null,
    });
  });

  test('the payment shows the code', async () => {
    const answer = await get(SHOPPER_TOKEN, `/api/orders/${ORDER_ID}/payment`);
    expect(answer.json()).toEqual(paymentRow());
  });

  test('shoppers list their own orders, operators everybody’s', async () => {
    edge.readModels.orderRows.push(orderRow({ orderId: OTHER_ORDER_ID, userId: 'shopper-2' }));
    const idsFor = async (token: string) => {
      const list = (await get(token, '/api/orders')).json<{ orders: { orderId: string }[] }>();
      return list.orders.map(({ orderId }) => orderId);
    };
    expect(await idsFor(SHOPPER_TOKEN)).toEqual([ORDER_ID]);
    expect(await idsFor(OPS_TOKEN)).toEqual([ORDER_ID, OTHER_ORDER_ID]);
  });

  test('a page begins where the one before ended', async () => {
    const older = await get(SHOPPER_TOKEN, `/api/orders?before=1000.${ORDER_ID}`);
    expect(older.json()).toEqual({ orders: [], next: null });
  });

  test.each([
    ['/api/orders?before=yesterday', 'before', 'INVALID_FIELD'],
    ['/api/orders?before=1.a&before=2.b', 'before', 'INVALID_FIELD'],
    ['/api/orders?color=red', 'color', 'UNKNOWN_FIELD'],
    ['/api/orders/1', 'orderId', 'INVALID_FIELD'],
  ])('%s is refused by name', async (url, field, code) => {
    const answer = await get(SHOPPER_TOKEN, url);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ error: { code, field } });
  });

  test.each(['', `/${ORDER_ID}`, `/${ORDER_ID}/timeline`, `/${ORDER_ID}/payment`])(
    'without Postgres /api/orders%s is 503, and back once it is back',
    async (path) => {
      edge.readModels.down = true;
      const answer = await get(SHOPPER_TOKEN, `/api/orders${path}`);
      expect(answer.statusCode).toBe(503);
      expect(answer.json()).toMatchObject({ error: { code: 'VIEWS_UNAVAILABLE' } });
      edge.readModels.down = false;
      expect((await get(SHOPPER_TOKEN, `/api/orders${path}`)).statusCode).toBe(200);
    },
  );
});
