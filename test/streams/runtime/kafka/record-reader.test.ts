/** A reader on a broker that fails at will. */
import type { RecordReader } from '../../../../streams/runtime/broker';
import { systemClock } from '../../../../platform/clock';
import { Cluster } from '../../../../streams/runtime/kafka/cluster';
import { openEventProducer } from '../../../../streams/runtime/kafka/event-producer';
import { openRecordReader } from '../../../../streams/runtime/kafka/record-reader';
import { KAFKA_LIMITS } from '../../../../streams/runtime/limits';
import { hurriedClock } from './hurried-clock';
import { waitFor } from './kafka-fixture';
import { ScriptedBroker } from './scripted-broker';

const POLL_MS = 3_000;
const NOT_LEADER_OR_FOLLOWER = 6;
const TOPIC_AUTHORIZATION_FAILED = 29;

describe('a record reader', () => {
  let broker: ScriptedBroker;
  let cluster: Cluster;
  let reader: RecordReader;

  beforeEach(async () => {
    broker = await new ScriptedBroker().listen();
    cluster = new Cluster({ brokers: [broker.address], clientId: 'test', clock: systemClock });
    reader = openRecordReader(cluster);
  });

  afterEach(async () => {
    await reader.close();
    cluster.close();
    await broker.close();
  });

  const append = async (value: string, partition = 0) => {
    const producer = openEventProducer({ brokers: [broker.address], clientId: 'test' });
    const record = { topic: 'orders', partition, key: 'k', value: Buffer.from(value) };
    await producer.send([record], POLL_MS);
    await producer.close();
  };

  const poll = async () =>
    (await reader.poll(POLL_MS)).flatMap(({ records }) =>
      records.map(({ offset, value }) => [offset, value?.toString()]),
    );

  it('goes on at the same offset after its connection broke', async () => {
    await append('a');
    broker.next('Fetch', 'lost', 'dropped');
    reader.assign({ topic: 'orders', partition: 0 }, 0);
    expect(await poll()).toEqual([[0, 'a']]);
  });

  it('asks who leads now when a broker says that it does not', async () => {
    await append('a');
    broker.next('Fetch', { refused: NOT_LEADER_OR_FOLLOWER });
    reader.assign({ topic: 'orders', partition: 0 }, 0);
    expect(await poll()).toEqual([[0, 'a']]);
  });

  it('reads a new partition while a fetch for another is still waiting', async () => {
    await append('a', 1);
    reader.assign({ topic: 'orders', partition: 0 }, 0);
    const polled = poll();
    await waitFor('the waiting fetch', () => broker.requests.includes('Fetch'));
    reader.assign({ topic: 'orders', partition: 1 }, 0);
    expect(await polled).toEqual([[0, 'a']]);
  });

  it('gives up a fetch that waits only for partitions nobody wants any more', async () => {
    await append('a', 5);
    const lanes = KAFKA_LIMITS.fetchesPerLeaderMax;
    for (let partition = 0; partition < lanes; partition++) {
      reader.assign({ topic: 'orders', partition }, 0);
      await waitFor('its fetch', () => countOf('Fetch') === partition + 1);
    }
    for (let partition = 0; partition < lanes; partition++) {
      reader.unassign({ topic: 'orders', partition });
    }
    reader.assign({ topic: 'orders', partition: 5 }, 0);
    expect(await poll()).toEqual([[0, 'a']]);
  });

  it('delivers with a later poll what an ended one was waiting for', async () => {
    reader.assign({ topic: 'orders', partition: 0 }, 0);
    const ended = reader.poll(POLL_MS);
    await waitFor('the waiting fetch', () => broker.requests.includes('Fetch'));
    reader.wake();
    expect(await ended).toEqual([]);
    await append('a');
    expect(await poll()).toEqual([[0, 'a']]);
    expect(countOf('Fetch')).toBeLessThanOrEqual(2);
  });

  it('says so when it must not read, instead of trying for ever', async () => {
    broker.next('Fetch', { refused: TOPIC_AUTHORIZATION_FAILED });
    reader.assign({ topic: 'orders', partition: 0 }, 0);
    await expect(reader.poll(POLL_MS)).rejects.toMatchObject({ code: 'PROTOCOL' });
  });

  it('reports brokers that stay away, and reads on when they are back', async () => {
    await append('a');
    const clock = hurriedClock();
    const hurried = new Cluster({ brokers: [broker.address], clientId: 'test', clock });
    const patient = openRecordReader(hurried);
    broker.from('Fetch', 'dropped');
    patient.assign({ topic: 'orders', partition: 0 }, 0);
    const readForEver = async () => {
      for (;;) await patient.poll(POLL_MS);
    };
    await expect(readForEver()).rejects.toMatchObject({
      code: 'BROKER_UNREACHABLE',
      recovery: 'retry',
    });
    broker.from('Fetch', 'answered');
    await waitFor('the record', async () => (await patient.poll(POLL_MS)).length > 0);
    await patient.close();
    hurried.close();
  });

  function countOf(name: string): number {
    return broker.requests.filter((one) => one === name).length;
  }
});
