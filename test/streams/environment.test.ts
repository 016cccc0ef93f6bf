import { readEnvironment } from '../../streams/environment';

const REQUIRED = { KAFKA_BROKERS: 'a:9092, b:9092', SCHEMA_REGISTRY_URL: 'http://127.0.0.1:8081' };

test('an environment with the services is enough', () => {
  const read = readEnvironment(REQUIRED);
  expect(read).toMatchObject({ brokers: ['a:9092', 'b:9092'], partitions: 6 });
  expect(read.tls).toBeUndefined();
});

test('Kafka’s user and the settings of apps are taken', () => {
  const given = {
    KAFKA_SASL_MECHANISM: 'scram-sha-256',
    KAFKA_SASL_USERNAME: 'orders',
    KAFKA_SASL_PASSWORD: 'secret',
    ALERTS_RULE_A_GRACE_MS: '7',
  };
  const { sasl, settings } = readEnvironment({ ...REQUIRED, ...given });
  expect(sasl).toEqual({ mechanism: 'scram-sha-256', username: 'orders', password: 'secret' });
  expect(settings.alerts.ruleAGraceMs).toBe(7);
});

test('what is wrong is named at once, of the process and of its apps', () => {
  const wrong = { HEALTH_PORT: 'x', ALERTS_RULE_A_GRACE_MS: '5s', KAFKA_SASL_MECHANISM: 'x' };
  for (const name of ['KAFKA_BROKERS', ...Object.keys(wrong)]) {
    expect(() => readEnvironment(wrong)).toThrow(name);
  }
});
