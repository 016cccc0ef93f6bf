/**
 * `npm run provision`: makes the topics that are missing and registers the schemas, as every process
 * does when it starts; for clusters whose ACLs let no process make a topic. It is run as a user who
 * may, told by the variables that a process has (KAFKA_BROKERS, KAFKA_TLS…, SCHEMA_REGISTRY_URL,
 * TOPIC_PARTITIONS, TOPIC_REPLICATION_FACTOR).
 */
import { endCommand } from '../platform/command-end';
import { withSecretFiles } from '../platform/secret-files';
import { readEnvironment } from '../streams/environment';
import { bringUpTopics } from '../topics/bring-up';
import { allTopics } from '../topics/catalogue';

async function main(): Promise<void> {
  const environment = readEnvironment(withSecretFiles(process.env));
  await bringUpTopics({ ...environment, topics: allTopics });
  console.error(`${String(allTopics.length)} topics are there, and their schemas.`);
}

main().then(
  () => endCommand(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    endCommand(1);
  },
);
