/**
 * Secrets out of files, as Kubernetes and Docker mount them: NAME_FILE names the file that holds NAME.
 * A secret that is given both ways is refused, since nobody could tell which of them counts.
 */
import { readFileSync } from 'node:fs';
import { EnvironmentError } from './environment-error';

/** What may be given so; other names that end with _FILE are none of ours. */
export const SECRET_NAMES = [
  'DATABASE_URL',
  'REDIS_URL',
  'OPENSEARCH_URL',
  'SCHEMA_REGISTRY_URL',
  'SCHEMA_REGISTRY_TOKEN',
  'KAFKA_SASL_PASSWORD',
  'PAYPAY_API_KEY',
  'PAYPAY_API_SECRET',
  'WEBHOOK_REPLAY_KEY',
] as const;

/** Throws an EnvironmentError that names every file that cannot be taken; never what is in one. */
export function withSecretFiles(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const read: NodeJS.ProcessEnv = { ...environment };
  const problems: string[] = [];
  for (const name of SECRET_NAMES) {
    const file = environment[`${name}_FILE`];
    if (file === undefined || file === '') continue;
    if (environment[name] !== undefined) {
      problems.push(`${name}: is set, and so is ${name}_FILE`);
      continue;
    }
    const text = textOf(file);
    if (text === undefined) problems.push(`${name}_FILE: ${file} cannot be read, or is empty`);
    else read[name] = text;
  }
  if (problems.length > 0) throw new EnvironmentError(problems.join('; '));
  return read;
}

/** Editors end a file with a line break, which is no part of a secret. */
function textOf(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    return text === '' ? undefined : text;
  } catch {
    return undefined;
  }
}
