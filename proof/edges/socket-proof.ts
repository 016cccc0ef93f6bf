/**
 * Nobody misses anything when an edge dies: sockets on several edges follow rooms while events flow, one
 * edge after the other is killed and started again, and in the end each socket must have been given
 * exactly what stands on the topics, in their order.
 *
 *   edge 1   ───────╳        ┌──────────────────────        ╳ SIGKILL, ┌ started again
 *   edge 2   ───────────────────────────╳        ┌──
 *   events   ·····································
 */
import type { Room } from '../../edge/contract/api-types';
import { systemClock } from '../../platform/clock';
import { eventId } from '../../schemas/event-id';
import type { LogRecord } from '../../streams/runtime/broker';
import { waitUntil } from '../../local/services/readiness';
import { DEMO_PASSWORD } from '../../local/pipeline/demo-people';
import { quantile } from '../bench/statistics';
import { EdgeClient } from '../scenarios/edge-client';
import { ensurePerson, signIn } from '../scenarios/firebase-users';
import type { EdgeGround } from './edge-ground';
import { FollowedRoom } from './followed-room';
import { differenceOf, placeOf, recordsDue } from './room-sequence';
import { OrderStream, roomRecords, type StreamedOrder } from './order-stream';

export interface SocketProofOptions {
  readonly sockets: number;
  readonly eventsPerSecond: number;
  /** Between the start, each kill and the end. */
  readonly phaseMs: number;
  /** An edge stays dead for so long. */
  readonly deadMs: number;
  readonly say: (line: string) => void;
}

export interface SocketVerdict {
  readonly events: number;
  readonly delivered: number;
  /** Sockets that were given something else than what stands on the topics, and how. */
  readonly wrong: readonly string[];
  readonly holds: boolean;
}

/** Half of what one user may have, so that all of them fit on one edge. */
const SOCKETS_PER_USER = 25;
/** Every so many sockets one is an operator's. */
const OPERATOR_EVERY = 10;
const VIEWED_WITHIN_MS = 60_000;
const IN_WITHIN_MS = 120_000;
const DRAINED_WITHIN_MS = 60_000;
const SIGN_INS_AT_ONCE = 4;

interface Follower {
  readonly room: FollowedRoom;
  readonly name: Room;
}

export async function proveSockets(
  ground: EdgeGround,
  options: SocketProofOptions,
): Promise<SocketVerdict> {
  const { running, broker } = ground;
  const { say, phaseMs, deadMs } = options;
  const { followers, orders } = await openRooms(ground, options);
  const stream = new OrderStream(orders, { ...ground, partitions: running.partitions });
  const stopped = new AbortController();
  try {
    for (const { room } of followers) room.open();
    await allIn(followers, 'all sockets are in their rooms');
    say(`${String(followers.length)} sockets in ${String(orders.length)} orders' rooms and ops`);
    const flowing = stream.run(options.eventsPerSecond, stopped.signal);
    flowing.catch(() => undefined);
    await systemClock.sleep(phaseMs);
    for (const { process } of ground.edges) {
      const lostBefore = lost(followers);
      const killedAt = Date.now();
      await process.kill();
      await systemClock.sleep(deadMs);
      const moved = lost(followers) - lostBefore;
      await process.start();
      await allIn(followers, `all are back after ${process.spec.name} was killed`);
      say(
        `${process.spec.name} killed: ${String(moved)} sockets lost it; ${backAfter(followers, killedAt)}`,
      );
      await systemClock.sleep(phaseMs);
    }
    stopped.abort();
    await flowing;
    const log = await roomRecords(broker, running.partitions);
    return await judge(followers, log, stream.count, say);
  } finally {
    stopped.abort();
    for (const { room } of followers) room.close();
  }
}

/** People, their orders, and a room for each socket; none is open yet. */
async function openRooms(
  ground: EdgeGround,
  { sockets }: SocketProofOptions,
): Promise<{ readonly followers: readonly Follower[]; readonly orders: readonly StreamedOrder[] }> {
  const operators = Math.floor(sockets / OPERATOR_EVERY);
  const run = eventId('socket-proof', String(Date.now()));
  const shoppers = await signedIn(ground, `shopper.${run}`, sockets - operators);
  const ops = operators === 0 ? [] : await signedIn(ground, `ops.${run}`, operators, 'ops');
  const orders = shoppers.map(({ userId }) => ({ userId, orderId: eventId(userId, run) }));
  const { partitions } = ground.running;
  await new OrderStream(orders, { ...ground, partitions }).create();
  await Promise.all(shoppers.map(({ edge }, n) => viewed(edge, orders[n]?.orderId ?? '')));
  const urls = ground.edges.map(({ url }) => url);
  const followers = Array.from({ length: sockets }, (_, number): Follower => {
    const isOperator = number < operators;
    const people = isOperator ? ops : shoppers;
    const place = number % people.length;
    const name: Room = isOperator ? 'ops' : `order:${orders[place]?.orderId ?? ''}`;
    const first = Math.floor(number / people.length) % urls.length;
    const edgeUrls = [...urls.slice(first), ...urls.slice(0, first)];
    const cookie = people[place]?.edge.cookie ?? '';
    return { name, room: new FollowedRoom({ room: name, cookie, edgeUrls, number }) };
  });
  return { followers, orders };
}

async function signedIn(
  { running }: EdgeGround,
  name: string,
  sockets: number,
  role: 'shopper' | 'ops' = 'shopper',
) {
  const { firebaseHost, firebaseProject, edgeUrl } = running;
  const people: { readonly userId: string; readonly edge: EdgeClient }[] = [];
  const count = Math.ceil(sockets / SOCKETS_PER_USER);
  for (let first = 0; first < count; first += SIGN_INS_AT_ONCE) {
    const some = Array.from(
      { length: Math.min(SIGN_INS_AT_ONCE, count - first) },
      (_, n) => first + n,
    );
    const opened = some.map(async (number) => {
      const email = `${String(number)}.${name}@example.com`;
      const person = { email, password: DEMO_PASSWORD, role };
      const userId = await ensurePerson(firebaseHost, firebaseProject, person);
      return { userId, edge: await EdgeClient.open(edgeUrl, await signIn(firebaseHost, person)) };
    });
    people.push(...(await Promise.all(opened)));
  }
  return people;
}

async function viewed(edge: EdgeClient, orderId: string): Promise<void> {
  const isThere = async () => (await edge.order(orderId)) !== undefined;
  await holds(isThere, VIEWED_WITHIN_MS, `order ${orderId} is in the read models`);
}

async function allIn(followers: readonly Follower[], what: string): Promise<void> {
  await holds(() => followers.every(({ room }) => room.isIn), IN_WITHIN_MS, what);
}

async function holds(
  condition: () => boolean | Promise<boolean>,
  withinMs: number,
  what: string,
): Promise<void> {
  const wait = await waitUntil(condition, { withinMs });
  if (wait.kind !== 'held') throw new Error(`it did not come true that ${what}`);
}

function lost(followers: readonly Follower[]): number {
  return followers.reduce((sum, { room }) => sum + room.counts.lost, 0);
}

function backAfter(followers: readonly Follower[], killedAt: number): string {
  const waits = followers.flatMap(({ room }) =>
    room.backAt > killedAt ? [room.backAt - killedAt] : [],
  );
  if (waits.length === 0) return 'none had to come back';
  const [half, most] = [quantile(waits, 0.5), quantile(waits, 1)];
  return `back in their rooms after ${String(half)} ms (median), ${String(most)} ms (the last)`;
}

async function judge(
  followers: readonly Follower[],
  log: readonly LogRecord[],
  events: number,
  say: (line: string) => void,
): Promise<SocketVerdict> {
  const due = new Map(followers.map(({ room, name }) => [room, recordsDue(log, name, room.begun)]));
  const isDrained = () =>
    followers.every(({ room }) => room.events.length >= (due.get(room)?.length ?? 0));
  await waitUntil(isDrained, { withinMs: DRAINED_WITHIN_MS });
  const wrong = followers.flatMap(({ room, name }, number) => {
    const difference = differenceOf(due.get(room) ?? [], room.events.map(placeOf));
    return difference === undefined ? [] : [`socket ${String(number)} in ${name}: ${difference}`];
  });
  const delivered = followers.reduce((sum, { room }) => sum + room.events.length, 0);
  const sum = (of: keyof FollowedRoom['counts']) =>
    String(followers.reduce((all, { room }) => all + room.counts[of], 0));
  say(`events written       ${String(events)}`);
  say(`delivered            ${String(delivered)} to ${String(followers.length)} sockets`);
  say(
    `connections lost     ${sum('lost')}, rooms resumed ${sum('resumed')}, on another edge ${sum('moved')}`,
  );
  say(`snapshots instead    ${sum('snapshots')}`);
  say(`records twice        ${sum('doubles')}, left out by their offsets`);
  const right = followers.length - wrong.length;
  say(`exactly the topic    ${String(right)} of ${String(followers.length)} sockets`);
  return { events, delivered, wrong, holds: wrong.length === 0 && delivered > 0 };
}
