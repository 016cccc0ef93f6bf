/** Records that nobody can take, and who must say so: each reader of the topic, once. */
import { Kafka, logLevel } from 'kafkajs';
import { accountsApp } from '../../streams/accounts/topology';
import { accountsDefaults } from '../../streams/accounts/settings';
import { alertsApp } from '../../streams/alerts/topology';
import { alertsDefaults } from '../../streams/alerts/settings';
import { GATEWAY, gatewayTopics } from '../../streams/gateway/gateway-topics';
import { inventoryApp } from '../../streams/inventory/topology';
import { inventoryDefaults } from '../../streams/inventory/settings';
import { ordersApp } from '../../streams/orders/topology';
import { ordersDefaults } from '../../streams/orders/settings';
import { paymentsApp } from '../../streams/payments/topology';
import { paymentsDefaults } from '../../streams/payments/settings';
import { allProjections } from '../../streams/views/projections/all-projections';
import { VIEWS_APP } from '../../streams/views/record-rows';
import { deadLetters } from '../../topics/dead-letters';

export interface Reader {
  readonly app: string;
  readonly topics: readonly string[];
}

/** Those that answer what they cannot take with a record of dead-letters.v1. */
export const streamReaders: readonly Reader[] = [
  ...[
    ordersApp(ordersDefaults),
    inventoryApp(inventoryDefaults),
    accountsApp(accountsDefaults),
    paymentsApp(paymentsDefaults),
    alertsApp(alertsDefaults),
  ].map(({ name, inputs }) => ({ app: name, topics: inputs.map((topic) => topic.name) })),
  { app: GATEWAY, topics: [gatewayTopics.requests.name] },
];

/** It keeps its letters in Postgres: its transaction is there. */
export const viewsReader: Reader = {
  app: VIEWS_APP,
  topics: [...new Set(allProjections.map(({ topic }) => topic.name))],
};

/** What dead-letters.v1 itself carries is no garbage to whoever reads it, so it gets none. */
export const soiledTopics: readonly string[] = [
  ...new Set([...streamReaders, viewsReader].flatMap(({ topics }) => topics)),
].filter((topic) => topic !== deadLetters.name);

export interface Garbage {
  readonly errorCode: string;
  readonly value: Buffer;
}

/** `letter`: a good record of dead-letters.v1, which belongs on no other topic. */
export function garbage(letter: Buffer): readonly Garbage[] {
  const unknownSchema = Buffer.from(letter);
  unknownSchema.writeUInt32BE(0x7fffffff, 1);
  return [
    { errorCode: 'NO_VALUE', value: Buffer.from([0, 1]) },
    { errorCode: 'NOT_WIRE_FORMAT', value: Buffer.from('{"orderId": 1}') },
    { errorCode: 'SCHEMA_NOT_FOUND', value: unknownSchema },
    { errorCode: 'MALFORMED_BODY', value: letter.subarray(0, letter.length - 3) },
    { errorCode: 'UNEXPECTED_TYPE', value: letter },
  ];
}

/** Puts all of it on every topic that is read, under one key. Written as anybody might. */
export async function soil(brokers: string, key: string, kinds: readonly Garbage[]): Promise<void> {
  const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  try {
    const messages = kinds.map(({ value }) => ({ key, value }));
    await producer.sendBatch({ topicMessages: soiledTopics.map((topic) => ({ topic, messages })) });
  } finally {
    await producer.disconnect();
  }
}

/** `app topic errorCode` of every letter that must come of it, sorted. */
export function lettersDue(
  readers: readonly Reader[],
  kinds: readonly Garbage[],
): readonly string[] {
  return readers
    .flatMap(({ app, topics }) =>
      topics
        .filter((topic) => soiledTopics.includes(topic))
        .flatMap((topic) => kinds.map(({ errorCode }) => `${app} ${topic} ${errorCode}`)),
    )
    .sort();
}
