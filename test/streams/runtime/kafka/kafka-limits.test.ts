/** B1: the limits of the connection to Kafka, each reached. */
import type { NewRecord } from '../../../../streams/runtime/broker';
import { systemClock } from '../../../../platform/clock';
import { Cluster } from '../../../../streams/runtime/kafka/cluster';
import { BrokerConnection } from '../../../../streams/runtime/kafka/connection';
import { GroupCoordinator } from '../../../../streams/runtime/kafka/group-coordinator';
import { METADATA } from '../../../../streams/runtime/kafka/protocol/cluster-apis';
import { openRecordReader } from '../../../../streams/runtime/kafka/record-reader';
import { openTransactionalProducer } from '../../../../streams/runtime/kafka/transactional-producer';
import { KAFKA_LIMITS, TASK_LIMITS } from '../../../../streams/runtime/limits';
import { hurriedClock } from './hurried-clock';
import { waitFor } from './kafka-fixture';
import { ScriptedBroker } from './scripted-broker';

const CLIENT = { clientId: 'test' };
/** Of a request beside its records. */
const HEADER_BYTES = 4_096;

let broker: ScriptedBroker;

beforeEach(async () => {
  broker = await new ScriptedBroker().listen();
});

afterEach(async () => {
  jest.useRealTimers();
  await broker.close();
});

function clusterOf(clock = systemClock): Cluster {
  return new Cluster({ brokers: [broker.address], ...CLIENT, clock });
}

/** The timers of kafkajs, moved by hand; sockets go on as they are. */
function timersByHand(): void {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
}

async function turns(): Promise<void> {
  for (let n = 0; n < 20; n += 1) await new Promise((resolve) => setImmediate(resolve));
}

test('a broker that does not take the connection is given up after its time', async () => {
  timersByHand();
  const opening = BrokerConnection.open({ host: '127.0.0.1', port: broker.port }, CLIENT);
  const outcome = opening.then(
    () => 'open',
    (error: unknown) => String(error),
  );
  // In one turn of the event loop: the socket has had no time to connect.
  jest.advanceTimersByTime(KAFKA_LIMITS.connectTimeoutMs);
  expect(await outcome).toMatch(/ConnectionLost: .*connect: Connection timeout/);
});

test('a broker that does not answer is given up after its time, and not before', async () => {
  timersByHand();
  const address = { host: '127.0.0.1', port: broker.port };
  const connection = await BrokerConnection.open(address, CLIENT);
  broker.next('Metadata', 'silent');
  let outcome = 'none yet';
  connection.call(METADATA, { topics: [] }).then(
    () => (outcome = 'answered'),
    (error: unknown) => (outcome = String(error)),
  );
  await turns();
  jest.advanceTimersByTime(KAFKA_LIMITS.requestTimeoutMs - 1_000);
  await turns();
  expect([outcome, connection.usable]).toEqual(['none yet', true]);
  jest.advanceTimersByTime(2_000);
  await turns();
  expect(outcome).toMatch(/ConnectionLost: .*timed out/);
  expect(connection.usable).toBe(false);
});

/** As many records of the same size, over topics of six partitions. */
function records(count: number, topics: readonly string[]): NewRecord[] {
  const value = Buffer.alloc(KAFKA_LIMITS.batchBytesMax - 1_024);
  return Array.from({ length: count }, (_, n) => {
    const topic = topics[n % topics.length] ?? '';
    return { topic, partition: Math.floor(n / topics.length) % 6, key: 'k', value };
  });
}

function commitOf(records: readonly NewRecord[]) {
  return { records, group: 'app', offsets: () => [] };
}

function produced(): readonly string[] {
  return broker.requests.filter((one) => one.startsWith('Produce'));
}

test('a large transaction goes out in requests that a broker takes', async () => {
  const cluster = clusterOf();
  const producer = await openTransactionalProducer(cluster, 'app-0');
  await producer.commit(commitOf(records(18, ['a', 'b', 'c'])));
  expect(produced()).toHaveLength(2);
  const largest = broker.largest.get('Produce') ?? 0;
  expect(largest).toBeGreaterThan(KAFKA_LIMITS.produceBytesMax - KAFKA_LIMITS.batchBytesMax);
  expect(largest).toBeLessThanOrEqual(KAFKA_LIMITS.produceBytesMax + HEADER_BYTES);
  await producer.close();
  cluster.close();
});

test('no more requests are under way to a broker than it keeps in order', async () => {
  const cluster = clusterOf();
  const producer = await openTransactionalProducer(cluster, 'app-0');
  broker.from('Produce', 'silent');
  const samePartition = records(8, ['a']).map((record) => ({ ...record, partition: 0 }));
  const commit = producer.commit(commitOf(samePartition)).catch(() => 'given up');
  const inFlight = KAFKA_LIMITS.producesInFlightMax;
  await waitFor('as many as may be', () => produced().length >= inFlight);
  await turns();
  expect(produced()).toHaveLength(inFlight);
  cluster.close();
  expect(await commit).toBe('given up');
});

test('leaving is given up where the coordinator stays away: the session ends it', async () => {
  const clock = hurriedClock();
  const cluster = clusterOf(clock);
  const timeouts = { sessionTimeoutMs: 8_000, rebalanceTimeoutMs: 15_000 };
  const coordinator = new GroupCoordinator(cluster, 'app', timeouts);
  broker.from('LeaveGroup', 'dropped');
  const { leaveTimeoutMs, retryBackoffMaxMs } = KAFKA_LIMITS;
  const begun = clock.now();
  await expect(coordinator.leave('member', leaveTimeoutMs)).rejects.toMatchObject({
    code: 'BROKER_UNREACHABLE',
  });
  expect(clock.now() - begun).toBeGreaterThan(leaveTimeoutMs - 2 * retryBackoffMaxMs);
  expect(clock.now() - begun).toBeLessThanOrEqual(leaveTimeoutMs);
  broker.from('LeaveGroup', 'answered');
  await coordinator.leave('member', leaveTimeoutMs);
  cluster.close();
});

test('a poll that finds nothing ends after its wait', async () => {
  const clock = hurriedClock();
  const cluster = clusterOf(clock);
  const reader = openRecordReader(cluster);
  reader.assign({ topic: 'a', partition: 0 }, 0);
  const begun = clock.now();
  expect(await reader.poll(TASK_LIMITS.pollWaitMs)).toEqual([]);
  expect(clock.now() - begun).toBe(TASK_LIMITS.pollWaitMs);
  await reader.close();
  cluster.close();
});
