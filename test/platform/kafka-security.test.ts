import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { kafkaSecurityOf, type KafkaSecurityVariables } from '../../platform/kafka-security';
import { withSecretFiles } from '../../platform/secret-files';

const PLAIN: KafkaSecurityVariables = {
  KAFKA_TLS: false,
  KAFKA_TLS_CA_PATH: '',
  KAFKA_TLS_CERT_PATH: '',
  KAFKA_TLS_KEY_PATH: '',
  KAFKA_SASL_MECHANISM: 'none',
  KAFKA_SASL_USERNAME: '',
  KAFKA_SASL_PASSWORD: '',
};

const SCRAM = {
  KAFKA_SASL_MECHANISM: 'scram-sha-512',
  KAFKA_SASL_USERNAME: 'orders',
  KAFKA_SASL_PASSWORD: 'secret',
} as const;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'security-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const whole = path.join(folder, name);
  writeFileSync(whole, text);
  return whole;
}

test('without settings Kafka is reached plainly', () => {
  expect(kafkaSecurityOf(PLAIN)).toEqual({});
});

test('TLS takes its files, SASL its user', () => {
  const KAFKA_TLS_CA_PATH = file('ca.pem', 'a certificate');
  expect(kafkaSecurityOf({ ...PLAIN, ...SCRAM, KAFKA_TLS: true, KAFKA_TLS_CA_PATH })).toEqual({
    tls: { ca: 'a certificate' },
    sasl: { mechanism: 'scram-sha-512', username: 'orders', password: 'secret' },
  });
});

test.each([
  ['a CA without TLS', { KAFKA_TLS_CA_PATH: '/ca.pem' }, /KAFKA_TLS_CA_PATH: .*KAFKA_TLS is not/],
  ['a file that is not there', { KAFKA_TLS: true, KAFKA_TLS_CA_PATH: '/none' }, /cannot be read/],
  ['a key alone', { KAFKA_TLS: true, KAFKA_TLS_KEY_PATH: '/none' }, /one does not go without/],
  ['a user without a mechanism', { KAFKA_SASL_USERNAME: 'x' }, /KAFKA_SASL_MECHANISM/],
  ['a password in the open', { ...SCRAM, KAFKA_SASL_MECHANISM: 'plain' as const }, /KAFKA_TLS/],
])('%s is refused', (_what, given, words) => {
  expect(() => kafkaSecurityOf({ ...PLAIN, ...given })).toThrow(words);
});

test('all that is wrong is named at once', () => {
  const wrong = { KAFKA_TLS_CA_PATH: '/x', KAFKA_SASL_MECHANISM: 'scram-sha-256' as const };
  expect(() => kafkaSecurityOf({ ...PLAIN, ...wrong })).toThrow(
    /KAFKA_TLS_CA_PATH.*KAFKA_SASL_USERNAME.*KAFKA_SASL_PASSWORD/,
  );
});

test('a secret is read from its file, without the line break of an editor', () => {
  const DATABASE_URL_FILE = file('url', 'postgres://u:p@db/x\n');
  const read = withSecretFiles({ DATABASE_URL_FILE, OTHER: 'kept' });
  expect(read).toMatchObject({ DATABASE_URL: 'postgres://u:p@db/x', OTHER: 'kept' });
});

test('secrets that cannot be told are named at once, never with what they are', () => {
  const given = {
    REDIS_URL: 'redis://:hidden@r',
    REDIS_URL_FILE: file('redis', 'redis://:other@r'),
    PAYPAY_API_SECRET_FILE: '/none',
    KAFKA_SASL_PASSWORD_FILE: file('empty', '\n'),
  };
  const reading = () => withSecretFiles(given);
  expect(reading).toThrow(/REDIS_URL: .*KAFKA_SASL_PASSWORD_FILE: .*PAYPAY_API_SECRET_FILE: /);
  expect(reading).not.toThrow(/hidden|other/);
});
