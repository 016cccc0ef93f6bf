/**
 * What every process does before it touches a topic: make the topics that are missing, register
 * the schemas, and keep the codec. Idempotent, so processes may start in any order and at once.
 */
import { Kafka, KafkaJSError, KafkaJSNumberOfRetriesExceeded, logLevel, type Admin } from 'kafkajs';
import type { Codec, MissingSchemas } from './avro/codec';
import type { RecordTypes } from './avro/record-types';
import { SchemaRegistry } from './avro/schema-registry';
import type { Changelog } from './changelog';
import { kafkajsSecurity, type KafkaSecurity } from './kafka-security';
import { provisionTopics, type ProvisioningOptions } from './provisioning';
import type { Topic } from './topic';

const UNKNOWN_TOPIC = 'UNKNOWN_TOPIC_OR_PARTITION';
/** Each takes some ten milliseconds; a broker learns of a new topic within a hundred. */
const LOOKS_MAX = 100;

export interface BringUpOptions extends ProvisioningOptions, KafkaSecurity {
  /** `host:port` of some brokers. */
  readonly brokers: readonly string[];
  /** Base of Confluent's API. */
  readonly registryUrl: string;
  /** Where it asks for one. */
  readonly registryToken?: string;
  readonly records: RecordTypes;
  readonly topics: readonly (Topic | Changelog)[];
  /** How the codec takes schemas that the registry does not have; by default they count as missing. */
  readonly missingSchemas?: MissingSchemas;
}

/** No broker answers, or none can lead now; the same call may succeed later. */
export class KafkaUnreachableError extends Error {
  override readonly name = 'KafkaUnreachableError';
}

/**
 * Rejects with KafkaUnreachableError or RegistryUnreachableError, after which the same may succeed
 * later, and with TopicMismatchError or SchemaRefusedError, after which it may not.
 */
export async function bringUp(options: BringUpOptions): Promise<Codec> {
  const { brokers, registryUrl, registryToken, records, topics, missingSchemas } = options;
  const kafka = new Kafka({
    clientId: 'provisioning',
    brokers: [...brokers],
    ...kafkajsSecurity(options),
    logLevel: logLevel.NOTHING,
    // Some four seconds in all; whoever would wait longer asks again.
    retry: { maxRetryTime: 1_000 },
  });
  await provision(kafka.admin(), options);
  return new SchemaRegistry(registryUrl, records, registryToken).register(topics, missingSchemas);
}

async function provision(admin: Admin, options: BringUpOptions): Promise<void> {
  try {
    await admin.connect();
    let looks = 1;
    while (!(await provisioned(admin, options, looks))) looks += 1;
  } catch (error) {
    throw isAway(error) ? new KafkaUnreachableError(error.message, { cause: error }) : error;
  } finally {
    await admin.disconnect();
  }
}

/** False where a topic that was made a moment ago is not known to the broker that was asked. */
async function provisioned(admin: Admin, options: BringUpOptions, looks: number): Promise<boolean> {
  try {
    await provisionTopics(admin, options.topics, options);
    return true;
  } catch (error) {
    const isNew = error instanceof KafkaJSError && 'type' in error && error.type === UNKNOWN_TOPIC;
    if (!isNew || looks === LOOKS_MAX) throw error;
    return false;
  }
}

function isAway(error: unknown): error is KafkaJSError {
  return (
    error instanceof KafkaJSNumberOfRetriesExceeded ||
    (error instanceof KafkaJSError && error.retriable)
  );
}
