/** What only a real broker can refuse or keep. */
import { partitionFor } from '../../../../streams/runtime/kafka/partitioner';
import { openEventProducer } from '../../../../streams/runtime/kafka/event-producer';
import type { BrokerFixture } from '../broker-contract';
import { brokersUnderTest, freshName, kafkajsClient, openKafkaFixture } from './kafka-fixture';

jest.setTimeout(20_000);

const OVER_THE_BROKERS_LIMIT_BYTES = 2 * 1024 * 1024;
const DEADLINE_MS = 5_000;

describe('producers on a real broker', () => {
  let fixture: BrokerFixture;

  beforeAll(async () => {
    fixture = await openKafkaFixture();
  });

  afterAll(async () => {
    await fixture.close();
  });

  it('an event producer writes many concurrent events once each, where the key belongs', async () => {
    const topic = await fixture.createTopic(3);
    const producer = openEventProducer({ brokers: brokersUnderTest(), clientId: 'edge' });
    const keys = Array.from({ length: 500 }, (_, index) => `order-${index}`);
    await Promise.all(
      keys.map((key) => {
        const partition = partitionFor(key, 3);
        return producer.send([{ topic, partition, key, value: Buffer.from(key) }], DEADLINE_MS);
      }),
    );
    await producer.close();
    const partitions = [0, 1, 2].map((partition) => ({ topic, partition }));
    const ends = await fixture.broker.highWatermarks(partitions);
    const reader = fixture.broker.openReader();
    for (const partition of partitions) reader.assign(partition, 0);
    const found: string[] = [];
    while (found.length < keys.length) {
      for (const { records } of await reader.poll(DEADLINE_MS)) {
        found.push(...records.map(({ key }) => key?.toString() ?? ''));
      }
    }
    await reader.close();
    expect([...found].sort()).toEqual([...keys].sort());
    expect([...ends.values()].reduce((total, end) => total + end, 0)).toBe(keys.length);
  });

  it('the partitioner agrees with that of kafkajs and so of Java', async () => {
    const topic = await fixture.createTopic(7);
    const producer = kafkajsClient().producer();
    await producer.connect();
    for (const key of ['order-1', '注文', '', 'a'.repeat(1_000)]) {
      const [written] = await producer.send({ topic, messages: [{ key, value: 'v' }] });
      expect(written?.partition).toBe(partitionFor(key, 7));
    }
    await producer.disconnect();
  });

  it('a record over the limit is refused for good, and nothing of its transaction is left', async () => {
    const topic = await fixture.createTopic(1);
    const group = freshName('group');
    const producer = await fixture.broker.openProducer(freshName('transactional-id'));
    const record = { topic, partition: 0, key: 'k' };
    await expect(
      producer.commit({
        records: [
          { ...record, value: Buffer.from('small') },
          { ...record, value: Buffer.alloc(OVER_THE_BROKERS_LIMIT_BYTES) },
        ],
        group,
        offsets: () => [{ topic, partition: 0, offset: 1, metadata: '' }],
      }),
    ).rejects.toMatchObject({ code: 'RECORD_TOO_LARGE' });
    expect((await fixture.broker.committedOffsets(group, [record])).size).toBe(0);
    const reader = fixture.broker.openReader();
    reader.assign(record, 0);
    const [fetched] = await reader.poll(DEADLINE_MS);
    expect(fetched?.records).toEqual([]);
    await Promise.all([reader.close(), producer.close()]);
  });
});
