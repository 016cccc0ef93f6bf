/**
 * What every process does before it touches a topic: make the topics that are missing, register
 * the schemas, and keep the codec. Idempotent, so processes may start in any order and at once.
 */
import { Kafka, logLevel } from 'kafkajs';
import type { Codec } from '../schemas/codec';
import { SchemaRegistry } from '../schemas/schema-registry';
import type { Changelog } from './changelog';
import { provisionTopics, type ProvisioningOptions } from './provisioning';
import type { Topic } from './topic';

export interface BringUpOptions extends ProvisioningOptions {
  readonly brokers: readonly string[];
  readonly registryUrl: string;
  readonly topics: readonly (Topic | Changelog)[];
}

/** Rejects with TopicMismatchError, SchemaRefusedError or RegistryUnreachableError. */
export async function bringUpTopics(options: BringUpOptions): Promise<Codec> {
  const kafka = new Kafka({
    clientId: 'provisioning',
    brokers: [...options.brokers],
    logLevel: logLevel.NOTHING,
  });
  const admin = kafka.admin();
  await admin.connect();
  try {
    await provisionTopics(admin, options.topics, options);
  } finally {
    await admin.disconnect();
  }
  return new SchemaRegistry(options.registryUrl).register(options.topics);
}
