/**
 * A Kafka with TLS, SCRAM and ACLs: who has the right password and believes the right authority is let
 * in, every process works with what the table of access gives it, and is denied what is another's.
 */
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { readEnvironment as readEdge } from '../../edge/environment';
import { startEdge } from '../../edge/running-edge';
import { recordTypes } from '../../schemas/avro-types';
import type { EventOf } from '../../schemas/event';
import { eventId } from '../../schemas/event-id';
import { orderHeader } from '../../schemas/header';
import type { Codec } from '../../platform/avro/codec';
import { kafkaSecurityIn } from '../../platform/kafka-security';
import { SchemaRegistry } from '../../platform/avro/schema-registry';
import { APP_NAMES, startApp, type AppName } from '../../streams/apps';
import { readEnvironment } from '../../streams/environment';
import { processMetrics } from '../../streams/process-metrics';
import type { Broker } from '../../streams/runtime/broker';
import { openEventProducer } from '../../streams/runtime/kafka/event-producer';
import { connectBroker } from '../../streams/runtime/kafka/kafka-broker';
import { partitionFor } from '../../streams/runtime/kafka/partitioner';
import { bringUpTopics } from '../../topics/bring-up';
import { allTopics } from '../../topics/catalogue';
import { inventoryEvents } from '../../topics/inventory';
import { ordersEvents, ordersRequests } from '../../topics/orders';
import { paymentsNotifications } from '../../topics/payments';
import { temporaryFolder } from '../local/temporary-folder';
import { freshDatabase, type FreshDatabase } from '../streams/views/fresh-database';
import { eventually, fromEnvironment } from '../streams/views/views-fixture';
import { OPERATOR } from '../../tools/access';
import { PARTITIONS, startSecuredProduct, type SecuredProduct } from './secured-product';

jest.setTimeout(180_000);

const DEADLINE_MS = 10_000;
const folder = temporaryFolder();
const logger = pino({ level: 'silent' });
const opened: (() => Promise<unknown>)[] = [];
let product: SecuredProduct;
let database: FreshDatabase;

beforeAll(async () => {
  [product, database] = await Promise.all([startSecuredProduct(), freshDatabase()]);
});
afterAll(async () => {
  for (const close of opened.reverse()) await close();
  await product.stop();
  await database.drop();
  folder.remove();
});

function variablesOf(name: string, over: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...product.variablesOf(name),
    DATABASE_URL: database.url,
    STREAMS_DATA: folder.path,
    PAYPAY_API_URL: 'http://127.0.0.1:9',
    PAYPAY_API_KEY: 'key',
    PAYPAY_API_SECRET: 'secret',
    PAYPAY_MERCHANT_ID: 'merchant',
    ...over,
  };
}

async function connectAs(name: string, over: NodeJS.ProcessEnv = {}): Promise<Broker> {
  const { brokers } = product;
  const security = kafkaSecurityIn(variablesOf(name, over));
  const broker = await connectBroker({ ...security, brokers: [brokers], clientId: name });
  opened.push(() => broker.close());
  return broker;
}

function bringUpAs(name: string, over: NodeJS.ProcessEnv): Promise<Codec> {
  const environment = readEnvironment(variablesOf(name, over));
  return bringUpTopics({ ...environment, topics: allTopics });
}

function producerAs(name: string) {
  const security = kafkaSecurityIn(variablesOf(name));
  const producer = openEventProducer({ ...security, brokers: [product.brokers], clientId: name });
  opened.push(() => producer.close());
  return producer;
}

async function recordsOf(broker: Broker, topic: string): Promise<number> {
  const places = Array.from({ length: PARTITIONS }, (_, partition) => ({ topic, partition }));
  const ends = await broker.highWatermarks(places);
  return [...ends.values()].reduce((sum, end) => sum + end, 0);
}

async function startAs(name: AppName): Promise<void> {
  const variables = variablesOf(name);
  const environment = readEnvironment(variables);
  const codec = await bringUpTopics({ ...environment, topics: allTopics });
  const metrics = processMetrics();
  const { app, release } = await startApp(name, {
    environment,
    codec,
    logger,
    metrics,
    traces: undefined,
    variables,
  });
  opened.push(async () => {
    await app.stop();
    await release();
  });
  await eventually(`${name} works`, () => {
    const { state, tasks } = app.health();
    const runs = tasks.length === PARTITIONS && tasks.every((task) => task.state === 'running');
    return Promise.resolve(state === 'running' && runs);
  });
}

describe('who is let in', () => {
  test('a user with its password, over TLS', async () => {
    const broker = await connectAs('orders');
    expect((await broker.partitionCounts([ordersEvents.name])).get(ordersEvents.name)).toBe(
      PARTITIONS,
    );
  });

  test('not a wrong password, and it says so', async () => {
    const connecting = connectAs('orders', { KAFKA_SASL_PASSWORD: 'wrong' });
    await expect(connecting).rejects.toThrow(/[Aa]uthentication failed/);
  });

  test('a process that believes another authority, or says no name, waits and says why', async () => {
    await Promise.all([
      expect(bringUpAs('orders', { KAFKA_TLS_CA_PATH: product.otherCaFile })).rejects.toMatchObject(
        {
          name: 'KafkaUnreachableError',
          message: expect.stringMatching(/certificate/) as string,
        },
      ),
      expect(
        bringUpAs('orders', { KAFKA_SASL_MECHANISM: 'none', KAFKA_SASL_USERNAME: '' }),
      ).rejects.toMatchObject({ name: 'KafkaUnreachableError' }),
    ]);
  });

  test('a process with a wrong password ends with it, instead of waiting', async () => {
    const bringingUp = bringUpAs('orders', { KAFKA_SASL_PASSWORD: 'wrong' });
    await expect(bringingUp).rejects.toMatchObject({ name: 'KafkaJSSASLAuthenticationError' });
  });
});

test('every process works as its own user, and an order goes through all of them', async () => {
  await Promise.all(APP_NAMES.map(startAs));
  const environment = readEdge(variablesOf('edge', { EDGE_PORT: '1' }));
  const edge = await startEdge({ ...environment, port: 0 }, '/nowhere', logger);
  opened.push(() => edge.stop());
  const operator = await connectAs(OPERATOR);
  const { port } = edge.app.server.address() as AddressInfo;
  const webhook = async () => {
    const answer = await fetch(`http://127.0.0.1:${String(port)}/webhooks/paypay`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ notification_type: 'Transaction', merchant_order_id: 'x-1' }),
    });
    return answer.status === 200;
  };
  await eventually('the edge takes a webhook', webhook);
  expect(await recordsOf(operator, paymentsNotifications.name)).toBeGreaterThan(0);
  await order();
  await eventually(
    'stock is refused for it',
    async () => (await recordsOf(operator, inventoryEvents.name)) > 0,
  );
  await eventually('it failed', async () => (await recordsOf(operator, ordersEvents.name)) >= 2);
});

/** As the edge writes it. */
async function order(): Promise<void> {
  const registry = new SchemaRegistry(fromEnvironment('SCHEMA_REGISTRY_URL'), recordTypes);
  const codec = await registry.register([ordersRequests]);
  const orderId = eventId('access', 'order');
  const event: EventOf<'PurchaseRequested'> = {
    type: 'PurchaseRequested',
    ...orderHeader({ id: orderId, at: Date.now() }, 'purchase', orderId),
    userId: 'shopper',
    idempotencyKey: 'once',
    requestKey: '',
    requestFingerprint: '',
    items: [{ sku: 'NOTHING', quantity: 1 }],
  };
  const value = codec.encode(ordersRequests.name, event);
  const partition = partitionFor(orderId, PARTITIONS);
  const record = { topic: ordersRequests.name, partition, key: orderId, value };
  await producerAs('edge').send([record], DEADLINE_MS);
}

describe('what is another’s is denied', () => {
  const place = { topic: ordersEvents.name, partition: 0 };
  const record = { ...place, key: 'k', value: Buffer.from('v') };

  test('a topic that somebody else writes', async () => {
    const sent = producerAs('edge').send([record], DEADLINE_MS);
    await expect(sent).rejects.toThrow('TOPIC_AUTHORIZATION_FAILED');
  });

  test('a topic that is none of its inputs', async () => {
    const reader = (await connectAs('inventory')).openReader();
    reader.assign(place, 0);
    await expect(reader.poll(DEADLINE_MS)).rejects.toThrow('TOPIC_AUTHORIZATION_FAILED');
    await reader.close();
  });

  test('a transactional id, by which it would fence another app', async () => {
    const broker = await connectAs('inventory');
    await expect(broker.openProducer('orders/x')).rejects.toThrow(
      'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
    );
  });

  test('a group, whose offsets it would see or move', async () => {
    const broker = await connectAs('inventory');
    await expect(broker.committedOffsets('orders', [place])).rejects.toThrow(
      'GROUP_AUTHORIZATION_FAILED',
    );
  });
});
