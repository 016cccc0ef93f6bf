/**
 * `npm run topic -- NAME [--key K] [--since T] [--from OFFSET] [--tail] [--json]`: prints the committed
 * records of a topic, decoded with the registry's schemas. Without a name: the list of topics.
 */
import { endCommand, endWithReader } from '../platform/command-end';
import { recordTypes } from '../schemas/avro-types';
import { parseArgs } from 'node:util';
import { Codec } from '../platform/avro/codec';
import { SchemaRegistry } from '../platform/avro/schema-registry';
import { systemClock } from '../platform/clock';
import { readCommandTime } from '../platform/command-time';
import { connectBroker } from '../streams/runtime/kafka/kafka-broker';
import { allTopics, topicNamed } from '../topics/catalogue';
import { findConnection } from '../platform/connection';
import { decodeNow, jsonLine, textLine } from './record-line';
import { topicRecords, type TopicSelection } from './topic-records';

const USAGE = `usage: npm run topic -- NAME [options]

  --key K        only records of this key, as an orderId
  --since T      logged from then on: 2026-11-22T16:00 in the shop's time zone (SHOP_TIME_ZONE,
                 Asia/Tokyo), 2026-11-22T16:00Z, or 30m, 2h, 7d ago
  --from OFFSET  from this offset on in each partition
  --tail         what comes from now on, or from --since on, until it is stopped
  --json         one JSON object a line`;

class ArgumentError extends Error {}

async function main(): Promise<void> {
  const { positionals, values } = readArguments();
  const [name] = positionals;
  if (values.help) {
    console.log(USAGE);
    return;
  }
  if (name === undefined) {
    for (const topic of allTopics)
      console.log(`${topic.name.padEnd(42)} ${topic.types.join(', ')}`);
    return;
  }
  if (topicNamed(name) === undefined) console.error(`${name} is not a topic of this project.`);
  const { key, tail } = values;
  const selection = { key, tail, from: offsetOf(values.from), since: timeOf(values.since) };
  await print(name, selection, values.json ? jsonLine : textLine);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        key: { type: 'string' },
        since: { type: 'string' },
        from: { type: 'string', default: '0' },
        tail: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new ArgumentError(error instanceof Error ? error.message : String(error));
  }
}

function offsetOf(text: string): number {
  if (!/^\d+$/.test(text)) {
    throw new ArgumentError(`--from is ${text}; it takes an offset, such as 0`);
  }
  return Number(text);
}

function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = readCommandTime(text, systemClock.now());
  if (time.kind === 'refused') throw new ArgumentError(`--since ${text} ${time.why}`);
  if (time.taken !== null) console.error(`--since ${text} is taken ${time.taken}`);
  return time.at;
}

async function print(topic: string, selection: TopicSelection, line: typeof textLine) {
  const { brokers, registryUrl, registryToken, security } = findConnection();
  const codec = new Codec(recordTypes, new SchemaRegistry(registryUrl, recordTypes, registryToken));
  const broker = await connectBroker({ ...security, brokers, clientId: 'topic-tool' });
  try {
    for await (const record of topicRecords(broker, topic, selection)) {
      console.log(line(record, await decodeNow(codec, record.value)));
    }
  } finally {
    await broker.close();
  }
}

endWithReader();

main().then(
  () => endCommand(0),
  (error: unknown) => {
    console.error(error instanceof ArgumentError ? `${error.message}\n\n${USAGE}` : String(error));
    endCommand(error instanceof ArgumentError ? 2 : 1);
  },
);
