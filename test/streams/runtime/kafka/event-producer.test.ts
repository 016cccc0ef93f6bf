/** The edge's producer, on a broker that fails at will. Deadlines run on the real clock. */
import {
  openEventProducer,
  type EventProducer,
} from '../../../../streams/runtime/kafka/event-producer';
import { KAFKA_LIMITS } from '../../../../streams/runtime/limits';
import { waitFor } from './kafka-fixture';
import { ScriptedBroker } from './scripted-broker';

const DEADLINE_MS = 3_000;
const SHORT_DEADLINE_MS = 100;
const OUT_OF_ORDER_SEQUENCE_NUMBER = 45;
const NOT_LEADER_OR_FOLLOWER = 6;
const MESSAGE_TOO_LARGE = 10;

function order(value: string, partition = 0) {
  return { topic: 'orders', partition, key: value, value: Buffer.from(value) };
}

describe('an event producer', () => {
  let broker: ScriptedBroker;
  let producer: EventProducer;

  beforeEach(async () => {
    broker = await new ScriptedBroker().listen();
    producer = openEventProducer({ brokers: [broker.address], clientId: 'test' });
  });

  afterEach(async () => {
    await producer.close();
    await broker.close();
  });

  it('gives each record its offset, in the order of the call', async () => {
    const records = [order('a', 1), order('b', 0), order('c', 1)];
    expect(await producer.send(records, DEADLINE_MS)).toEqual([0, 0, 1]);
  });

  it('puts what waits for the same partition into one request', async () => {
    broker.next('Produce', 'silent');
    const first = producer.send([order('first')], SHORT_DEADLINE_MS).catch(() => 'given up');
    await waitFor('the first request', () =>
      broker.requests.some((one) => one.startsWith('Produce')),
    );
    broker.takeRequests();
    const sends = Array.from({ length: 100 }, (_, index) =>
      producer.send([order(String(index))], DEADLINE_MS),
    );
    expect(await first).toBe('given up');
    const offsets = (await Promise.all(sends)).flat();
    expect(new Set(offsets).size).toBe(100);
    expect(broker.takeRequests().filter((one) => one.startsWith('Produce'))).toHaveLength(1);
  });

  it('repeats a batch whose answer was lost, and has it in the log once', async () => {
    broker.next('Produce', 'lost', 'dropped', { refused: NOT_LEADER_OR_FOLLOWER });
    expect(await producer.send([order('a')], DEADLINE_MS)).toEqual([0]);
    expect(await producer.send([order('b')], DEADLINE_MS)).toEqual([1]);
    expect(broker.end('orders', 0)).toBe(2);
    const produced = broker.takeRequests().filter((one) => one.startsWith('Produce orders-0'));
    expect(produced).toEqual([
      'Produce orders-0#0',
      'Produce orders-0#0',
      'Produce orders-0#0',
      'Produce orders-0#1',
    ]);
  });

  it('rejects within its deadline while the broker hangs, then goes on at once', async () => {
    broker.next('Produce', 'silent');
    const startedAt = performance.now();
    await expect(producer.send([order('a')], SHORT_DEADLINE_MS)).rejects.toMatchObject({
      code: 'UNKNOWN_OUTCOME',
    });
    await producer.send([order('b')], DEADLINE_MS);
    expect(performance.now() - startedAt).toBeLessThan(DEADLINE_MS);
  });

  it('starts over under a new producer id when a batch was given up', async () => {
    broker.next('Produce', 'silent');
    await expect(producer.send([order('a')], SHORT_DEADLINE_MS)).rejects.toThrow();
    broker.takeRequests();
    await producer.send([order('b')], DEADLINE_MS);
    expect(broker.takeRequests()).toEqual(['InitProducerId', 'Produce orders-0#0']);
  });

  it('says that nothing was written while no broker is there, and recovers by itself', async () => {
    const { port } = broker;
    await broker.close();
    await expect(producer.send([order('a')], SHORT_DEADLINE_MS)).rejects.toMatchObject({
      code: 'BROKER_UNREACHABLE',
    });
    const sending = producer.send([order('b')], DEADLINE_MS);
    broker = await new ScriptedBroker().listen(port);
    expect(await sending).toEqual([0]);
  });

  it('recovers when the broker goes away under it', async () => {
    await producer.send([order('a')], DEADLINE_MS);
    const { port } = broker;
    await broker.close();
    const sending = producer.send([order('b')], DEADLINE_MS);
    broker = await new ScriptedBroker().listen(port);
    expect(await sending).toEqual([0]);
  });

  it('says so when a record is refused, and writes the next', async () => {
    broker.next('Produce', { refused: MESSAGE_TOO_LARGE });
    await expect(producer.send([order('large')], DEADLINE_MS)).rejects.toMatchObject({
      code: 'PROTOCOL',
    });
    expect(await producer.send([order('small')], DEADLINE_MS)).toEqual([0]);
  });

  it('does not call a record unwritten when the broker lost track after a lost answer', async () => {
    broker.next('Produce', 'lost', { refused: OUT_OF_ORDER_SEQUENCE_NUMBER });
    await expect(producer.send([order('a')], DEADLINE_MS)).rejects.toMatchObject({
      code: 'UNKNOWN_OUTCOME',
    });
  });

  it('B1: refuses at once what is over its queue', async () => {
    broker.from('Produce', 'silent');
    const many = Array.from({ length: KAFKA_LIMITS.eventQueueRecordsMax }, () => order('x'));
    const waiting = producer.send(many, SHORT_DEADLINE_MS);
    await expect(producer.send([order('one more')], DEADLINE_MS)).rejects.toMatchObject({
      code: 'BROKER_UNREACHABLE',
    });
    await expect(waiting).rejects.toMatchObject({ code: 'UNKNOWN_OUTCOME' });
  });

  it('takes nothing more once it is closed', async () => {
    await producer.close();
    await expect(producer.send([order('a')], DEADLINE_MS)).rejects.toMatchObject({
      code: 'PROTOCOL',
    });
  });
});
