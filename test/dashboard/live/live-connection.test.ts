import { io } from 'socket.io-client';
import { LiveConnection, type RoomListener } from '../../../dashboard/live/live-connection';
import { until } from '../../simulator/until';
import { PushServer, joinedFrom, refusedWith, topic } from './push-server';

const room = 'order:order-1';

let server: PushServer;
let live: LiveConnection;
let sessionsEnded: number;

beforeEach(async () => {
  server = new PushServer();
  const url = await server.listen();
  sessionsEnded = 0;
  live = new LiveConnection(io(url, { autoConnect: false, reconnection: false }), () => {
    sessionsEnded += 1;
  });
});

afterEach(async () => {
  live.close();
  await server.close();
});

/** What a listener was told, in order. */
function recorder() {
  const told: string[] = [];
  const listener: RoomListener = {
    snapshot: () => told.push('snapshot'),
    record: ({ offset }) => told.push(`record ${String(offset)}`),
    refused: ({ code }) => told.push(`refused ${code}`),
  };
  return { told, listener };
}

function isConnected(): boolean {
  return live.state.value.kind === 'connected';
}

describe('a room', () => {
  test('begins with its snapshot and goes on with what the snapshot does not hold', async () => {
    const { told, listener } = recorder();
    server.answer = joinedFrom(5);
    live.enter(room, listener);
    live.open();
    await until(() => told.length > 0);
    for (const offset of [4, 5, 5, 7]) server.send(room, offset);
    await until(() => told.includes('record 7'));
    expect(told).toEqual(['snapshot', 'record 5', 'record 7']);
  });

  test('goes on where it had come to when the server hung up', async () => {
    const { told, listener } = recorder();
    live.enter(room, listener);
    live.open();
    await until(() => told.length === 1);
    server.send(room, 4);
    await until(() => told.length === 2);
    server.hangUp();
    await until(() => live.state.value.kind === 'lost');
    await until(() => server.resumes.length === 1);
    expect(server.resumes).toEqual([[{ topic, partition: 0, nextOffset: 5 }]]);
    await until(isConnected);
    for (const offset of [4, 5]) server.send(room, offset);
    await until(() => told.length === 3);
    expect(told).toEqual(['snapshot', 'record 4', 'record 5']);
    expect(server.joins).toHaveLength(1);
  });

  test('begins again with a snapshot where the server cannot tell what was missed', async () => {
    const { told, listener } = recorder();
    live.enter(room, listener);
    live.open();
    await until(() => told.length === 1);
    server.send(room, 0);
    await until(() => told.length === 2);
    server.resumeAnswer = joinedFrom(3);
    server.hangUp();
    await until(() => live.state.value.kind === 'lost');
    await until(() => told.length === 3);
    for (const offset of [2, 3]) server.send(room, offset);
    await until(() => told.length === 4);
    expect(told).toEqual(['snapshot', 'record 0', 'snapshot', 'record 3']);
    expect(isConnected()).toBe(true);
  });

  test('that was refused on coming back begins with a snapshot', async () => {
    const { told, listener } = recorder();
    live.enter(room, listener);
    live.open();
    await until(() => told.length === 1);
    const error = { code: 'LOG_UNAVAILABLE', message: 'no Kafka', retry: true } as const;
    server.resumeAnswer = refusedWith(error);
    server.hangUp();
    await until(() => told.length === 3);
    expect(told).toEqual(['snapshot', 'refused LOG_UNAVAILABLE', 'snapshot']);
  });

  test('that cannot be entered now is asked for again', async () => {
    const { told, listener } = recorder();
    const error = { code: 'LOG_UNAVAILABLE', message: 'no Kafka', retry: true } as const;
    server.answer = refusedWith(error);
    live.enter(room, listener);
    live.open();
    await until(() => told.length === 1);
    server.answer = joinedFrom(0);
    await until(() => told.length === 2);
    expect(told).toEqual(['refused LOG_UNAVAILABLE', 'snapshot']);
  });

  test('that is not for us is asked for once', async () => {
    const { told, listener } = recorder();
    server.answer = refusedWith({ code: 'FORBIDDEN', message: 'ops only', retry: false });
    live.enter(room, listener);
    live.open();
    await until(() => told.length === 1);
    server.answer = joinedFrom(0);
    const other = recorder();
    live.enter('ops', other.listener);
    await until(() => other.told.length === 1);
    expect(server.joins).toEqual([room, 'ops']);
  });

  test('that was left tells nothing more, even when it was left before it was entered', async () => {
    const { told, listener } = recorder();
    const other = recorder();
    live.enter('ops', other.listener);
    live.open();
    await until(() => other.told.length === 1);
    const leave = live.enter(room, listener);
    leave();
    await until(() => server.joins.length === 2 && server.leaves.length === 2);
    server.send(room, 0);
    server.send('ops', 0);
    await until(() => other.told.length === 2);
    expect(told).toEqual([]);
  });
});

describe('the connection', () => {
  test('ends the session when the edge does not know it any more, and does not insist', async () => {
    server.handshakeError = { code: 'UNAUTHENTICATED', message: 'sign in', retry: false };
    live.open();
    await until(() => sessionsEnded === 1);
    expect(live.state.value).toEqual({ kind: 'connecting' });
  });

  test('insists when the edge could not check the session', async () => {
    server.handshakeError = { code: 'SESSIONS_UNAVAILABLE', message: 'no Redis', retry: true };
    live.open();
    await until(() => live.state.value.kind === 'lost');
    server.handshakeError = undefined;
    await until(isConnected);
    expect(sessionsEnded).toBe(0);
  });

  test('says what the edge misses until the edge has it back', async () => {
    const trouble = { code: 'VIEWS_UNAVAILABLE', message: 'no Postgres', retry: true } as const;
    live.open();
    await until(isConnected);
    server.tell(trouble);
    server.tell(trouble);
    await until(() => live.troubles.value.length > 0);
    expect(live.troubles.value).toEqual([trouble]);
    server.recover();
    await until(() => live.troubles.value.length === 0);
  });
});
