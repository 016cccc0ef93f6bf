/**
 * Where the tools find Kafka and the registry: the environment, or the stack that runs on var/.
 */
import path from 'node:path';
import { kafkaSecurityIn, type KafkaSecurity } from './kafka-security';
import { projectFolder } from './project-folder';
import { withSecretFiles } from './secret-files';
import { readRunningStack, type RunningStack } from './running-stack';

export interface Connection {
  readonly brokers: readonly string[];
  readonly registryUrl: string;
  readonly registryToken?: string;
  /** Of KAFKA_TLS… and KAFKA_SASL_…; nothing on a stack of this machine. */
  readonly security: KafkaSecurity;
}

/** Throws an error that says how to name them, or what is wrong with their security. */
export function findConnection(environment: NodeJS.ProcessEnv = process.env): Connection {
  const brokers = environment['KAFKA_BROKERS'] ?? '';
  const registryUrl = environment['SCHEMA_REGISTRY_URL'] ?? '';
  if (brokers !== '' && registryUrl !== '') {
    const { SCHEMA_REGISTRY_TOKEN: registryToken = '' } = withSecretFiles(environment);
    const security = kafkaSecurityIn(environment);
    return { brokers: brokers.split(','), registryUrl, registryToken, security };
  }
  const running = findRunningStack(environment);
  return { brokers: running.brokers.split(','), registryUrl: running.registryUrl, security: {} };
}

/** The stack on var/, or on STACK_VAR. Throws an error that says how to have one. */
export function findRunningStack(environment: NodeJS.ProcessEnv = process.env): RunningStack {
  const folder = environment['STACK_VAR'] ?? path.join(projectFolder, 'var');
  const running = readRunningStack(path.join(folder, 'run', 'running-stack.json'));
  if (running !== undefined) return running;
  throw new Error(
    'No stack runs. Start one with npm start, or name its parts in the environment (README.md).',
  );
}
