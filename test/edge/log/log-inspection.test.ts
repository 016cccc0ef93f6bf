import { Codec } from '../../../platform/avro/codec';
import { ManualClock } from '../../../platform/manual-clock';
import { limits } from '../../../edge/limits';
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
  const { messages } = await inspection.messages(place, {}, 1);
  expect(messages).toMatchObject([{ key: 'o1', type: null, problem: 'its schema is not known' }]);
});

/** Kafka that was stopped answers nothing, not even that it cannot. */
const silence = new Promise<never>(() => undefined);

describe('while Kafka stands still', () => {
  const kafka = new MemoryKafka();
  let isStill = true;
  const broker = new Proxy(kafka.broker, {
    get: (target, name: keyof typeof kafka.broker) =>
      isStill ? () => silence : (Reflect.get(target, name) as unknown),
  });
  const readModels = { positions: () => Promise.resolve([]) };
  const inspection = new KafkaInspection(() => ({ broker, codec: kafka.codec() }), readModels, 1);

  test('whoever asks is put off in time, and whoever asks after it is back is answered', async () => {
    isStill = true;
    const began = Date.now();
    const refused = { code: 'LOG_UNAVAILABLE' };
    await Promise.all([
      expect(inspection.lag()).rejects.toMatchObject(refused),
      expect(inspection.lag()).rejects.toMatchObject(refused),
      expect(
        inspection.messages({ topic: 'orders.events.v1', partition: 0 }, {}, 1),
      ).rejects.toMatchObject(refused),
    ]);
    expect(Date.now() - began).toBeLessThan(2 * limits.inspectionMs);
    isStill = false;
    expect((await inspection.lag()).map(({ app }) => app)).toContain('views');
  });
});
