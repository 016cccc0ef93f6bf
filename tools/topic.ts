/**
 * `npm run topic -- NAME [--key KEY] [--from OFFSET] [--follow]`: prints the committed records of a
 * topic as JSON lines, decoded with the registry's schemas. Without a name: the list of topics.
 */
import { recordTypes } from '../schemas/avro-types';
import { parseArgs } from 'node:util';
import { Codec } from '../platform/avro/codec';
import { SchemaRegistry } from '../platform/avro/schema-registry';
import { connectBroker } from '../streams/runtime/kafka/kafka-broker';
import type { Broker, LogRecord } from '../streams/runtime/broker';
import { allTopics, topicNamed } from '../topics/catalogue';
import { findConnection } from '../platform/connection';

const POLL_WAIT_MS = 500;

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      key: { type: 'string' },
      from: { type: 'string', default: '0' },
      follow: { type: 'boolean', default: false },
    },
  });
  const [name] = positionals;
  if (name === undefined) {
    for (const topic of allTopics)
      console.log(`${topic.name.padEnd(42)} ${topic.types.join(', ')}`);
    return 0;
  }
  if (topicNamed(name) === undefined) console.error(`${name} is not a topic of this project.`);
  if (!/^\d+$/.test(values.from)) {
    console.error(`--from is ${values.from}; it takes an offset, such as 0`);
    return 1;
  }
  const { brokers, registryUrl } = findConnection();
  const broker = await connectBroker({ brokers, clientId: 'topic-tool' });
  try {
    await print(
      broker,
      new Codec(recordTypes, new SchemaRegistry(registryUrl, recordTypes)),
      name,
      values,
    );
    return 0;
  } finally {
    await broker.close();
  }
}

interface Selection {
  readonly key?: string | undefined;
  readonly from: string;
  readonly follow: boolean;
}

async function print(
  broker: Broker,
  codec: Codec,
  topic: string,
  wanted: Selection,
): Promise<void> {
  const count = (await broker.partitionCounts([topic])).get(topic) ?? 0;
  const places = Array.from({ length: count }, (_, partition) => ({ topic, partition }));
  const starts = await broker.logStarts(places);
  // A reader waits before an open transaction, which may never end.
  const ends = await broker.lastStableOffsets(places);
  const reader = broker.openReader();
  const open = new Set<number>();
  for (const place of places) {
    const name = `${topic}-${String(place.partition)}`;
    const from = Math.max(Number(wanted.from), starts.get(name) ?? 0);
    if (from >= (ends.get(name) ?? 0) && !wanted.follow) continue;
    reader.assign(place, from);
    open.add(place.partition);
  }
  while (open.size > 0) {
    for (const fetched of await reader.poll(POLL_WAIT_MS)) {
      for (const record of fetched.records) await printRecord(codec, record, wanted.key);
      const end = ends.get(`${topic}-${String(fetched.partition)}`) ?? 0;
      if (fetched.nextOffset >= end && !wanted.follow) open.delete(fetched.partition);
    }
  }
  await reader.close();
}

async function printRecord(codec: Codec, record: LogRecord, wanted?: string): Promise<void> {
  const key = record.key?.toString('utf8') ?? null;
  if (wanted !== undefined && key !== wanted) return;
  let decoded = codec.decode(record.value);
  if (decoded.kind === 'unknown-schema') {
    await codec.learn([decoded.schemaId]);
    decoded = codec.decode(record.value);
  }
  const value = record.value === null ? null : decoded.kind === 'event' ? decoded.event : decoded;
  const { partition, offset, timestamp } = record;
  const loggedAt = new Date(timestamp).toISOString();
  console.log(JSON.stringify({ partition, offset, loggedAt, key, value }));
}

// Whoever reads may stop early, as `head` does.
process.stdout.on('error', () => process.exit(0));

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
