/** How Kafka is reached: plain, by TLS, with a certificate of one's own, as a user (SASL). */
import { readFileSync } from 'node:fs';
import type { ConnectionOptions as TlsOptions } from 'node:tls';
import { bool, cleanEnv, str } from 'envalid';
import type { KafkaConfig, SASLOptions } from 'kafkajs';
import { EnvironmentError, refuseEnvironment } from './environment-error';
import { withSecretFiles } from './secret-files';

export interface KafkaSecurity {
  readonly tls?: TlsOptions;
  readonly sasl?: SASLOptions;
}

const MECHANISMS = ['none', 'plain', 'scram-sha-256', 'scram-sha-512'] as const;

const SPECS = {
  KAFKA_TLS: bool({ default: false }),
  /** Files in PEM; without a CA the system's are believed. */
  KAFKA_TLS_CA_PATH: str({ default: '' }),
  KAFKA_TLS_CERT_PATH: str({ default: '' }),
  KAFKA_TLS_KEY_PATH: str({ default: '' }),
  KAFKA_SASL_MECHANISM: str({ default: 'none', choices: MECHANISMS }),
  KAFKA_SASL_USERNAME: str({ default: '' }),
  KAFKA_SASL_PASSWORD: str({ default: '' }),
};

export interface KafkaSecurityVariables {
  readonly KAFKA_TLS: boolean;
  readonly KAFKA_TLS_CA_PATH: string;
  readonly KAFKA_TLS_CERT_PATH: string;
  readonly KAFKA_TLS_KEY_PATH: string;
  readonly KAFKA_SASL_MECHANISM: (typeof MECHANISMS)[number];
  readonly KAFKA_SASL_USERNAME: string;
  readonly KAFKA_SASL_PASSWORD: string;
}

/** Throws an EnvironmentError that names everything that does not fit together. */
export function kafkaSecurityOf(read: KafkaSecurityVariables): KafkaSecurity {
  const problems: string[] = [];
  const security = { ...tlsOf(read, problems), ...saslOf(read, problems) };
  if (problems.length > 0) throw new EnvironmentError(problems.join('; '));
  return security;
}

/** As kafkajs names it. */
export function kafkajsSecurity({ tls, sasl }: KafkaSecurity): Pick<KafkaConfig, 'ssl' | 'sasl'> {
  return { ...(tls === undefined ? {} : { ssl: tls }), ...(sasl === undefined ? {} : { sasl }) };
}

/** `variables`: with secrets out of their files. Throws EnvironmentError. */
export function readKafkaSecurity(variables: NodeJS.ProcessEnv): KafkaSecurity {
  return kafkaSecurityOf(cleanEnv(variables, SPECS, { reporter: refuseEnvironment }));
}

/** For a command that is told no more than how Kafka is reached. Throws EnvironmentError. */
export function kafkaSecurityIn(environment: NodeJS.ProcessEnv): KafkaSecurity {
  return readKafkaSecurity(withSecretFiles(environment));
}

function tlsOf(read: KafkaSecurityVariables, problems: string[]): Pick<KafkaSecurity, 'tls'> {
  const files = {
    ca: ['KAFKA_TLS_CA_PATH', read.KAFKA_TLS_CA_PATH],
    cert: ['KAFKA_TLS_CERT_PATH', read.KAFKA_TLS_CERT_PATH],
    key: ['KAFKA_TLS_KEY_PATH', read.KAFKA_TLS_KEY_PATH],
  } as const;
  const given = Object.entries(files).filter(([, [, path]]) => path !== '');
  if (!read.KAFKA_TLS) {
    for (const [, [name]] of given) problems.push(`${name}: is set, and KAFKA_TLS is not`);
    return {};
  }
  if ((read.KAFKA_TLS_CERT_PATH === '') !== (read.KAFKA_TLS_KEY_PATH === '')) {
    problems.push('KAFKA_TLS_CERT_PATH, KAFKA_TLS_KEY_PATH: one does not go without the other');
  }
  const texts = given.map(([option, [name, path]]) => [option, textOf(name, path, problems)]);
  return { tls: Object.fromEntries(texts) as TlsOptions };
}

function textOf(name: string, path: string, problems: string[]): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    problems.push(`${name}: ${path} cannot be read`);
    return '';
  }
}

function saslOf(read: KafkaSecurityVariables, problems: string[]): Pick<KafkaSecurity, 'sasl'> {
  const { KAFKA_SASL_MECHANISM: mechanism } = read;
  const { KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = read;
  if (mechanism === 'none') {
    if (username !== '') problems.push('KAFKA_SASL_USERNAME: set KAFKA_SASL_MECHANISM as well');
    return {};
  }
  if (username === '') problems.push('KAFKA_SASL_USERNAME: is missing');
  if (password === '') problems.push('KAFKA_SASL_PASSWORD: is missing');
  if (mechanism === 'plain' && !read.KAFKA_TLS) {
    problems.push('KAFKA_SASL_MECHANISM: plain sends the password as it is; set KAFKA_TLS');
  }
  return { sasl: { mechanism, username, password } };
}
