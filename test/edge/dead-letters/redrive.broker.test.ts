/** Redriving on a real broker: the fence, the mark in the header, and a second time. */
import { findConnection } from '../../../platform/connection';
import { deadLetterOfRecord } from '../../../streams/runtime/task/dead-letter';
import { openEventProducer } from '../../../streams/runtime/kafka/event-producer';
import { connectBroker } from '../../../streams/runtime/kafka/kafka-broker';
import { partitionFor } from '../../../streams/runtime/kafka/partitioner';
import { bringUpTopics } from '../../../topics/bring-up';
import { deadLetters } from '../../../topics/dead-letters';
import { ordersEvents } from '../../../topics/orders';
import { lettersIn } from '../../../edge/dead-letters/letters';
import { redriven } from '../../../edge/dead-letters/redrive';
import { eventId } from '../../../schemas/event-id';

const PARTITIONS = Number(process.env['TOPIC_PARTITIONS'] ?? 6);
/** Other tests leave letters on the same topic. */
const APP = `redrive-${String(Date.now())}`;

test('a record is redriven once, by whoever comes first, on a real broker', async () => {
  const { brokers, registryUrl } = findConnection();
  const shared = { brokers, registryUrl, partitions: PARTITIONS, replicationFactor: 1 };
  const codec = await bringUpTopics({ ...shared, topics: [ordersEvents, deadLetters] });
  const producer = openEventProducer({ brokers, clientId: 'redrive-test' });
  const broker = await connectBroker({ brokers, clientId: 'redrive-test' });
  try {
    const key = eventId(APP, 'order');
    const partition = partitionFor(key, PARTITIONS);
    const place = { topic: ordersEvents.name, partition };
    const value = Buffer.from('no Avro');
    const [offset = -1] = await producer.send([{ ...place, key, value }], 10_000);
    const record = { ...place, offset, timestamp: 0, key: Buffer.from(key), value, headers: {} };
    const failure = { errorCode: 'NOT_WIRE_FORMAT', reason: 'no Avro' };
    const letter = codec.encode(deadLetters.name, deadLetterOfRecord(APP, record, failure));
    await producer.send([{ topic: deadLetters.name, partition, key, value: letter }], 10_000);

    const letters = await lettersIn(broker, codec, { app: APP }, 10);
    const states = async () =>
      (await redriven(broker, letters, 'me')).map(({ state }) => state.kind);
    await Promise.allSettled([states(), states()]);
    expect(await states()).toEqual(['redriven']);

    const reader = broker.openReader();
    reader.assign(place, offset);
    const read: string[] = [];
    const end = (await broker.highWatermarks([place])).get(`${place.topic}-${String(partition)}`);
    for (let next = offset; next < (end ?? 0);) {
      for (const fetched of await reader.poll(500)) {
        next = fetched.nextOffset;
        for (const each of fetched.records)
          if (each.key?.toString() === key) read.push(String(each.value));
      }
    }
    await reader.close();
    expect(read).toEqual(['no Avro', 'no Avro']);
  } finally {
    await producer.close();
    await broker.close();
  }
});
