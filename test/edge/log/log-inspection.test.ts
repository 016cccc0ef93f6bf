import { Codec } from '../../../platform/avro/codec';
import { ManualClock } from '../../../platform/manual-clock';
import { KafkaInspection } from '../../../edge/log/log-inspection';
import { recordTypes } from '../../../schemas/avro-types';
import { ordersEvents } from '../../../topics/orders';
import { MemoryKafka } from './memory-kafka';

test('a page does not wait for a schema that the registry may still get', async () => {
  const kafka = new MemoryKafka();
  kafka.appendBytes(ordersEvents, 'o1', Buffer.from([0, 0, 0, 0, 9, 1]));
  const missing = { clock: new ManualClock(0), patienceMs: 5_000 };
  const source = { schemaById: () => Promise.resolve(undefined) };
  const codec = new Codec(recordTypes, source, missing);
  const readModels = { positions: () => Promise.resolve([]) };
  const log = () => ({ broker: kafka.broker, codec });
  const inspection = new KafkaInspection(log, readModels, 1);
  const place = { topic: ordersEvents.name, partition: 0 };
  const { messages } = await inspection.messages(place, undefined, 1);
  expect(messages).toMatchObject([{ key: 'o1', type: null, problem: 'its schema is not known' }]);
});
