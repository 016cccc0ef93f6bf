/**
 * The broker contract's fixture on a real cluster, named by KAFKA_BROKERS. What the port has no word
 * for is done through kafkajs' public client, so that the two check each other.
 */
import { Kafka, logLevel, type Admin, type Producer } from 'kafkajs';

import { createTopics } from '../../../../platform/topic-creation';
import type { Broker, NewRecord } from '../../../../streams/runtime/broker';
import { connectBroker } from '../../../../streams/runtime/kafka/kafka-broker';
import type { BrokerFixture, OpenTransaction } from '../broker-contract';

/** Below jest's limit for a test, so that the failure names the condition. */
const GIVE_UP_MS = 12_000;
const LOOK_AGAIN_MS = 5;

export function brokersUnderTest(): readonly string[] {
  const brokers = process.env['KAFKA_BROKERS'];
  if (brokers === undefined || brokers === '') {
    throw new Error('KAFKA_BROKERS must name the brokers to test on, as host:port,…');
  }
  return brokers.split(',');
}

export function kafkajsClient(): Kafka {
  return new Kafka({
    brokers: [...brokersUnderTest()],
    clientId: 'broker-tests',
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 5 },
  });
}

let names = 0;

export function freshName(what: string): string {
  names += 1;
  return `${what}-${process.pid}-${Date.now()}-${names}`;
}

export async function createTopic(admin: Admin, partitions: number): Promise<string> {
  const topic = freshName('topic');
  const configEntries = [{ name: 'message.timestamp.type', value: 'LogAppendTime' }];
  await createTopics(admin, [{ topic, numPartitions: partitions, configEntries }]);
  return topic;
}

export async function waitFor(
  what: string,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + GIVE_UP_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

export async function openKafkaFixture(): Promise<BrokerFixture> {
  const brokers = brokersUnderTest();
  const kafka = kafkajsClient();
  const admin = kafka.admin();
  await admin.connect();
  const producer = kafka.producer({ idempotent: true });
  await producer.connect();
  const opened: Broker[] = [];
  const connect = async () => {
    const broker = await connectBroker({ brokers, clientId: freshName('client') });
    opened.push(broker);
    return broker;
  };
  return {
    broker: await connect(),
    connect,
    createTopic: (partitions) => createTopic(admin, partitions),
    freshName,
    append: (records) => appendOneByOne(producer, records),
    openTransaction: (records) => openTransaction(kafka, records),
    deleteBefore: async ({ topic, partition }, offset) => {
      // kafkajs deletes only in topics that it already knows; asking for offsets makes it learn.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({
        topic,
        partitions: [{ partition, offset: String(offset) }],
      });
    },
    waitFor,
    close: async () => {
      await Promise.all([admin.disconnect(), producer.disconnect()]);
      await Promise.all(opened.map((broker) => broker.close()));
    },
  };
}

function toMessage({ key, value, partition, headers }: NewRecord) {
  return { key, value, partition, headers: { ...headers } };
}

async function appendOneByOne(
  producer: Producer,
  records: readonly NewRecord[],
): Promise<readonly number[]> {
  const offsets: number[] = [];
  for (const record of records) {
    const [written] = await producer.send({ topic: record.topic, messages: [toMessage(record)] });
    offsets.push(Number(written?.baseOffset));
  }
  return offsets;
}

export async function openTransaction(
  kafka: Kafka,
  records: readonly NewRecord[],
): Promise<OpenTransaction> {
  const producer = kafka.producer({
    transactionalId: freshName('left-open'),
    idempotent: true,
    maxInFlightRequests: 1,
    transactionTimeout: 30_000,
  });
  await producer.connect();
  const transaction = await producer.transaction();
  for (const record of records) {
    await transaction.send({ topic: record.topic, messages: [toMessage(record)] });
  }
  return {
    commit: async () => {
      await transaction.commit();
      await producer.disconnect();
    },
    abort: async () => {
      await transaction.abort();
      await producer.disconnect();
    },
  };
}
