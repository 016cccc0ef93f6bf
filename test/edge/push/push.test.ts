import type { AddressInfo } from 'node:net';
import { io } from 'socket.io-client';
import { limits } from '../../../edge/limits';
import { eventually } from '../../streams/views/views-fixture';
import { EdgeClient, type Listener } from '../edge-client';
import { MemoryKafka } from '../log/memory-kafka';
import { OPS_TOKEN, SHOPPER_TOKEN, buildTestEdge, type TestEdge } from '../in-memory-parts';
import { ORDER_ID, OTHER_ORDER_ID, alertRow, orderRow } from '../rows';
import { systemClock } from '../../../platform/clock';
import { eventId } from '../../../schemas/event-id';
import { orderHeader } from '../../../schemas/header';
import { ordersEvents } from '../../../topics/orders';

describe('sockets', () => {
  let edge: TestEdge;
  let url: string;
  let client: EdgeClient;
  let kafka: MemoryKafka;
  let stopFeed: () => Promise<void>;

  beforeAll(async () => {
    edge = await buildTestEdge();
    await edge.app.listen({ host: '127.0.0.1', port: 0 });
    url = `http://127.0.0.1:${String((edge.app.server.address() as AddressInfo).port)}`;
    kafka = new MemoryKafka();
    const log = { broker: kafka.broker, codec: kafka.codec() };
    const { follower, run } = await edge.feed.open(log, systemClock);
    const running = run();
    stopFeed = () => {
      follower.stop();
      return running;
    };
  });
  beforeEach(() => {
    edge.reset();
    edge.readModels.orderRows.push(orderRow(), orderRow({ orderId: OTHER_ORDER_ID, userId: 'x' }));
    edge.readModels.alertRows.push(alertRow());
    client = new EdgeClient(url);
  });
  afterEach(() => client.close());
  afterAll(async () => {
    await stopFeed();
    await edge.app.close();
  });

  async function listen(idToken: string): Promise<Listener> {
    await client.signIn(idToken);
    const listener = client.listen();
    await eventually('the socket is connected', () => Promise.resolve(listener.socket.connected));
    return listener;
  }

  test('a shopper joins the rooms of own orders, nobody else’s and not the operators’', async () => {
    const shopper = await listen(SHOPPER_TOKEN);
    expect(await shopper.join(`order:${ORDER_ID}`)).toMatchObject({
      kind: 'joined',
      room: `order:${ORDER_ID}`,
      snapshot: { kind: 'order', order: { orderId: ORDER_ID } },
    });
    expect(await shopper.join(`order:${OTHER_ORDER_ID}`)).toMatchObject({
      kind: 'refused',
      error: { code: 'NOT_FOUND' },
    });
    expect(await shopper.join('ops')).toMatchObject({ error: { code: 'FORBIDDEN' } });
  });

  test('an operator joins any order’s room and the operators’', async () => {
    const operator = await listen(OPS_TOKEN);
    expect(await operator.join(`order:${OTHER_ORDER_ID}`)).toMatchObject({ kind: 'joined' });
    expect(await operator.join('ops')).toMatchObject({
      kind: 'joined',
      snapshot: { kind: 'ops', alerts: [alertRow().alert] },
    });
  });

  describe('that come back', () => {
    const room = `order:${ORDER_ID}`;
    const detailsOf = ({ events }: Listener) => events.map(({ payload }) => payload['detail']);

    function failed(detail: string): number {
      return kafka.append(ordersEvents, {
        type: 'OrderFailed',
        ...orderHeader({ id: eventId(ORDER_ID, detail), at: 0 }, 'failed', ORDER_ID),
        ...{ userId: 'shopper-1', reason: 'TIMED_OUT', detail },
      });
    }

    /** Of each partition of the room, as its snapshot names them, moved to `nextOffset`. */
    async function positions(listener: Listener, nextOffset: number) {
      const answer = await listener.join(room);
      if (answer.kind !== 'joined') throw new Error(answer.error.message);
      listener.events.length = 0;
      await new Promise<void>((resolve) => listener.socket.emit('leave', room, () => resolve()));
      return answer.snapshot.positions.map((position) =>
        position.topic === ordersEvents.name ? { ...position, nextOffset } : position,
      );
    }

    test('are given what they missed, without a snapshot', async () => {
      const listener = await listen(SHOPPER_TOKEN);
      const first = failed('before');
      const named = await positions(listener, first + 1);
      failed('missed');
      expect(await listener.resume(room, named)).toEqual({ kind: 'resumed', room });
      failed('live');
      await eventually('both came', () => Promise.resolve(listener.events.length >= 2));
      expect(detailsOf(listener)).toEqual(['missed', 'live']);
    });

    test('to the operators’ room are let in without Postgres', async () => {
      const listener = await listen(OPS_TOKEN);
      const answer = await listener.join('ops');
      if (answer.kind !== 'joined') throw new Error(answer.error.message);
      edge.readModels.down = true;
      const named = answer.snapshot.positions;
      expect(await listener.resume('ops', named)).toEqual({ kind: 'resumed', room: 'ops' });
    });

    test('with places that the log never had are given a snapshot', async () => {
      const listener = await listen(SHOPPER_TOKEN);
      const named = await positions(listener, 1_000_000);
      expect(await listener.resume(room, named)).toMatchObject({
        kind: 'joined',
        snapshot: { kind: 'order' },
      });
    });

    test('are let in as those who come first: nobody into another’s room', async () => {
      const listener = await listen(SHOPPER_TOKEN);
      const named = await positions(listener, 0);
      expect(await listener.resume(`order:${OTHER_ORDER_ID}`, named)).toMatchObject({
        kind: 'refused',
        error: { code: 'NOT_FOUND' },
      });
      expect(await listener.resume('ops', named)).toMatchObject({ error: { code: 'FORBIDDEN' } });
    });

    test('must name each partition of the room, and no other', async () => {
      const listener = await listen(SHOPPER_TOKEN);
      const named = await positions(listener, 0);
      const [one] = named;
      for (const wrong of [
        ...[undefined, null, 1, 'a', {}, [], [null], named.slice(1), [...named, one]],
        named.map((position) => ({ ...position, nextOffset: -1 })),
        named.map((position) => ({ ...position, nextOffset: 1.5 })),
        named.map((position) => ({ ...position, nextOffset: '0' })),
        named.map((position) => ({ ...position, partition: 77 })),
        named.map((position) => ({ ...position, topic: 'payments.notifications.v1' })),
        named.map(() => one),
      ]) {
        expect(await listener.resume(room, wrong as never)).toMatchObject({
          kind: 'refused',
          error: { code: 'INVALID_FIELD' },
        });
      }
    });
  });

  test('garbage is refused or left alone, and the socket stays', async () => {
    const { socket, join } = await listen(OPS_TOKEN);
    const wild = socket as unknown as { emit(name: string, ...args: unknown[]): void };
    wild.emit('join');
    wild.emit('join', 'ops', 'no callback');
    wild.emit('leave', { toString: null });
    wild.emit('no such event', 1, 2, 3);
    expect(await join({ toString: 1 } as never)).toMatchObject({ error: { code: 'UNKNOWN_ROOM' } });
    expect(await join('order:1')).toMatchObject({ error: { code: 'UNKNOWN_ROOM', retry: false } });
    expect(await join('ops')).toMatchObject({ kind: 'joined' });
  });

  test('a socket may not be in more rooms than a person looks at', async () => {
    const { join } = await listen(OPS_TOKEN);
    const rooms = Array.from({ length: limits.roomsPerSocketMax }, (_, n) => {
      const orderId = ORDER_ID.replace(/..$/, String(n + 10));
      return `order:${orderId}`;
    });
    for (const room of rooms) expect(await join(room)).toMatchObject({ kind: 'joined' });
    expect(await join('ops')).toMatchObject({ error: { code: 'TOO_MANY_ROOMS' } });
  });

  test('a join while Postgres is down is refused and may be tried again', async () => {
    const { join } = await listen(OPS_TOKEN);
    edge.readModels.down = true;
    expect(await join('ops')).toMatchObject({
      error: { code: 'VIEWS_UNAVAILABLE', retry: true },
    });
    edge.readModels.down = false;
    expect(await join('ops')).toMatchObject({ kind: 'joined' });
  });

  test.each([
    ['no session', '', {}, 'UNAUTHENTICATED'],
    ['a guessed session', 'sid=guessed', {}, 'UNAUTHENTICATED'],
  ])('with %s nobody gets in', async (_what, cookie, headers, code) => {
    const socket = io(url, {
      extraHeaders: { cookie, ...headers },
      transports: ['websocket'],
      reconnection: false,
    });
    const error = await new Promise<Error>((resolve) => socket.on('connect_error', resolve));
    expect(error).toMatchObject({ data: { code, retry: false } });
  });

  test('a page of another origin gets no socket, whatever its cookie', async () => {
    const cookie = await edge.signIn(OPS_TOKEN);
    const socket = io(url, {
      extraHeaders: { cookie, origin: 'https://evil.example' },
      transports: ['websocket'],
      reconnection: false,
    });
    await new Promise((resolve) => socket.on('connect_error', resolve));
    expect(socket.connected).toBe(false);
  });

  test('without Redis the handshake is refused and may be tried again', async () => {
    const cookie = await edge.signIn(OPS_TOKEN);
    edge.sessions.down = true;
    const socket = io(url, {
      extraHeaders: { cookie },
      transports: ['websocket'],
      reconnection: false,
    });
    const error = await new Promise<Error>((resolve) => socket.on('connect_error', resolve));
    expect(error).toMatchObject({ data: { code: 'SESSIONS_UNAVAILABLE', retry: true } });
  });
});
