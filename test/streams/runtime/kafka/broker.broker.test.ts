/** The port on a real cluster. */
import { KAFKA_LIMITS } from '../../../../streams/runtime/limits';
import { describeBroker } from '../broker-contract';
import { openKafkaFixture } from './kafka-fixture';

jest.setTimeout(20_000);

describeBroker('Kafka', openKafkaFixture);

test('B1: a reader brings no more in one fetch than fits in memory, and the rest with the next', async () => {
  const fixture = await openKafkaFixture();
  const value = Buffer.alloc(KAFKA_LIMITS.fetchPartitionBytesMax * 0.9);
  const partitions = Math.ceil(KAFKA_LIMITS.fetchBytesMax / value.length) + 2;
  const topic = await fixture.createTopic(partitions);
  for (let partition = 0; partition < partitions; partition += 1) {
    await fixture.append([{ topic, partition, key: 'k', value }]);
  }
  const reader = fixture.broker.openReader();
  for (let partition = 0; partition < partitions; partition += 1) {
    reader.assign({ topic, partition }, 0);
  }
  const bytes: number[] = [];
  while (bytes.reduce((sum, one) => sum + one, 0) < partitions * value.length) {
    const fetched = await reader.poll(2_000);
    const records = fetched.flatMap((partition) => partition.records);
    bytes.push(records.reduce((sum, record) => sum + (record.value?.length ?? 0), 0));
  }
  expect(Math.max(...bytes)).toBeLessThanOrEqual(KAFKA_LIMITS.fetchBytesMax);
  expect(bytes[0]).toBeGreaterThan(KAFKA_LIMITS.fetchBytesMax - value.length);
  await reader.close();
  await fixture.close();
});
