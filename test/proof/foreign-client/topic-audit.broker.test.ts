import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import { waitUntil } from '../../../local/services/readiness';
import type { Codec } from '../../../platform/avro/codec';
import type { EventOf } from '../../../schemas/event';
import { UNMARKED } from '../../../schemas/request-marks';
import { bringUpTopics } from '../../../topics/bring-up';
import { COMPACT, KEEP, defineTopic, type Topic } from '../../../topics/topic';
import { fromEnvironment } from '../../streams/views/views-fixture';
import { auditTopics, type TopicAudit } from '../../../proof/foreign-client/topic-audit';

/** The first run fetches 25 MB of jars. */
jest.setTimeout(240_000);

const brokers = fromEnvironment('KAFKA_BROKERS');
const registryUrl = fromEnvironment('SCHEMA_REGISTRY_URL');
const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING });

let producer: Producer;

beforeAll(async () => {
  producer = kafka.producer({ idempotent: true, transactionalId: `audit-${randomUUID()}` });
  await producer.connect();
});

afterAll(() => producer.disconnect());

async function freshTopic(cleanup: Topic['cleanup']): Promise<{ name: string; codec: Codec }> {
  const name = `audited-${randomUUID()}`;
  const topic = defineTopic({
    name,
    types: ['OrderRefunded', 'PurchaseRequested'],
    key: (event) => event.orderId,
    cleanup,
  });
  const codec = await bringUpTopics({
    brokers: brokers.split(','),
    registryUrl,
    partitions: 2,
    replicationFactor: 1,
    topics: [topic],
  });
  return { name, codec };
}

const orderId = randomUUID();

function refunded(eventId = randomUUID()): EventOf<'OrderRefunded'> {
  return {
    type: 'OrderRefunded',
    eventId,
    orderId,
    occurredAt: 1,
    causationId: eventId,
    correlationId: orderId,
    paymentId: null,
    merchantRefundId: null,
    amount: 1,
    currency: 'JPY',
  };
}

function requested(): EventOf<'PurchaseRequested'> {
  const { eventId, occurredAt, causationId, correlationId } = refunded();
  const header = { eventId, orderId, occurredAt, causationId, correlationId };
  const purchase = { userId: 'user', idempotencyKey: 'key', items: [], ...UNMARKED };
  return { type: 'PurchaseRequested', ...header, ...purchase };
}

/** All at once and committed, or all at once and aborted. */
async function write(
  topic: string,
  values: readonly (Buffer | null)[],
  end: 'commit' | 'abort' = 'commit',
): Promise<void> {
  const transaction = await producer.transaction();
  const messages = values.map((value, index) => ({ key: orderId, value, partition: index % 2 }));
  await transaction.send({ topic, messages });
  await transaction[end]();
}

function audit(topics: readonly string[], since?: number): Promise<TopicAudit> {
  const options = { brokers, registryUrl, topics };
  return auditTopics(since === undefined ? options : { ...options, since });
}

test('good records are clean; what was aborted, deleted or written again by the edge is no fault', async () => {
  const kept = await freshTopic(KEEP);
  const event = refunded();
  const good = kept.codec.encode(kept.name, event);
  const request = kept.codec.encode(kept.name, requested());
  await write(kept.name, [good, good], 'abort');
  await write(kept.name, [good, request, request]);
  const compacted = await freshTopic(COMPACT);
  // The same eventId as on the other topic: ids are compared within one.
  await write(compacted.name, [compacted.codec.encode(compacted.name, event), null]);
  expect(await audit([kept.name, compacted.name])).toMatchObject({ kind: 'clean', records: 5 });
});

test('an eventId that stands twice on a topic is a fault, across partitions too', async () => {
  const { name, codec } = await freshTopic(KEEP);
  const event = refunded();
  await write(name, [codec.encode(name, event), codec.encode(name, event)]);
  const found = await audit([name]);
  expect(found).toMatchObject({ kind: 'faulty', records: 2 });
  expect(found.text).toContain(`repeats orders.OrderRefunded ${event.eventId}`);
  expect(found.text).toContain('0 undecodable, 1 repeated');
});

test('each record that cannot be decoded is named, with its place and its reason', async () => {
  const { name, codec } = await freshTopic(KEEP);
  const good = codec.encode(name, refunded());
  const spoilt = [
    [good.subarray(5), 'it is not in the wire format'],
    [good.subarray(0, -1), 'orders.OrderRefunded: java.io.EOFException'],
    [Buffer.concat([good, good]), 'bytes are left after the body'],
    [withSchema(good, 0x7fffffff), 'there is no schema 2147483647'],
    [null, 'no value on a topic that keeps all'],
  ] as const;
  for (const [value] of spoilt) await write(name, [value]);
  const found = await audit([name]);
  expect(found).toMatchObject({ kind: 'faulty', records: spoilt.length });
  for (const [, reason] of spoilt) expect(found.text).toContain(`cannot be decoded: ${reason}`);
  expect(found.text).toContain(`${String(spoilt.length)} undecodable, 0 repeated`);
});

test('what was logged before a time is left out', async () => {
  const { name, codec } = await freshTopic(KEEP);
  await write(name, [Buffer.from('garbage'), Buffer.from('garbage')]);
  const since = Date.now() + 1;
  await waitUntil(() => Date.now() >= since, { withinMs: 1_000, everyMs: 1 });
  await write(name, [codec.encode(name, refunded())]);
  expect(await audit([name], since)).toMatchObject({ kind: 'clean', records: 1 });
});

test('a topic that is not there is an error, not a clean bill', async () => {
  await expect(audit(['no-such-topic'])).rejects.toThrow('no-such-topic');
});

function withSchema(value: Buffer, id: number): Buffer {
  const changed = Buffer.from(value);
  changed.writeUInt32BE(id, 1);
  return changed;
}
