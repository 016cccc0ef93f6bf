import { Kafka, logLevel, type Admin } from 'kafkajs';
import { changelogOf } from '../../platform/changelog';
import { provisionTopics } from '../../platform/provisioning';
import { createTopics } from '../../platform/topic-creation';
import { KEEP, defineTopic } from '../../topics/topic';

const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');
const kafka = new Kafka({ clientId: 'test', brokers, logLevel: logLevel.NOTHING });
const suffix = `${String(process.pid)}-${String(Date.now())}`;
const events = defineTopic({
  name: `events-${suffix}`,
  types: ['OrderPaid'],
  key: ({ orderId }) => orderId,
  cleanup: KEEP,
});
const changelog = changelogOf(`app-${suffix}`, ['OrderPaid']);
const options = { partitions: 3, replicationFactor: 1 };
let admin: Admin;

beforeAll(async () => {
  admin = kafka.admin();
  await admin.connect();
});

afterAll(async () => {
  await admin.disconnect();
});

test('makes what is missing, and a second time nothing', async () => {
  const first = await provisionTopics(admin, [events, changelog], options);
  expect(first.created).toEqual([events.name, changelog.name]);
  expect((await provisionTopics(admin, [events, changelog], options)).created).toEqual([]);
});

test('refuses a topic whose partitions differ, before it makes anything', async () => {
  const other = defineTopic({ ...events, name: `other-${suffix}` });
  const provisioning = provisionTopics(admin, [events, other], { ...options, partitions: 4 });
  await expect(provisioning).rejects.toThrow(`${events.name} has 3 partitions, not 4`);
  expect(await admin.listTopics()).not.toContain(other.name);
});

test('refuses a topic that is kept in another way', async () => {
  const compacted = { ...events, cleanup: changelog.cleanup };
  await expect(provisionTopics(admin, [compacted], options)).rejects.toThrow(
    `${events.name} has cleanup.policy delete, not compact`,
  );
});

test('refuses a topic that does not keep log-append time', async () => {
  const name = `create-time-${suffix}`;
  await createTopics(admin, [{ topic: name, numPartitions: 3, replicationFactor: 1 }]);
  await expect(provisionTopics(admin, [{ ...events, name }], options)).rejects.toThrow(
    `${name} has message.timestamp.type CreateTime`,
  );
});
