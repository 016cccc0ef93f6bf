import { readEnvironment } from '../../edge/environment';

const REQUIRED = {
  KAFKA_BROKERS: '127.0.0.1:9092, 127.0.0.1:9093',
  SCHEMA_REGISTRY_URL: 'http://127.0.0.1:8081',
  DATABASE_URL: 'postgres://u:p@127.0.0.1:5432/d',
  REDIS_URL: 'redis://127.0.0.1:6379',
  GCLOUD_PROJECT: 'demo',
};

describe('the environment', () => {
  test('needs the services and nothing else', () => {
    expect(readEnvironment(REQUIRED)).toMatchObject({
      host: '127.0.0.1',
      partitions: 6,
      proxyDepth: 0,
      revocationMs: 60_000,
      brokers: ['127.0.0.1:9092', '127.0.0.1:9093'],
      webhookTrust: { kind: 'confirm' },
      firebase: { projectId: 'demo', emulatorHost: null },
    });
  });

  test('ip-allowlist trusts PayPay’s addresses unless others are given', () => {
    const trusting = { ...REQUIRED, WEBHOOK_TRUST: 'ip-allowlist' };
    expect(readEnvironment(trusting).webhookTrust).toMatchObject({
      kind: 'ip-allowlist',
      addresses: expect.arrayContaining(['52.68.128.8']) as unknown,
    });
    const given = { ...trusting, WEBHOOK_ALLOWED_ADDRESSES: '203.0.113.1' };
    expect(readEnvironment(given).webhookTrust).toEqual({
      kind: 'ip-allowlist',
      addresses: ['203.0.113.1'],
    });
  });

  test.each([
    ['KAFKA_BROKERS', undefined],
    ['WEBHOOK_TRUST', 'everybody'],
    ['WEBHOOK_PROXY_DEPTH', '-1'],
    ['WEBHOOK_ALLOWED_ADDRESSES', 'paypay.ne.jp'],
    ['TOPIC_PARTITIONS', '0.5'],
    ['EDGE_PORT', 'http'],
    ['STREAMS_HEALTH_URLS', 'streams:8090'],
    ['STREAMS_HEALTH_URLS', 'http://streams:8090/health'],
    ['EDGE_REVOCATION_SECONDS', '0'],
    ['EDGE_REVOCATION_SECONDS', '3601'],
    ['EDGE_DEMO_ACCOUNTS', 'ops@example.com'],
    // Shown to everybody, so never beside a Firebase of real people.
    ['EDGE_DEMO_ACCOUNTS', 'ops:ops@example.com:demo'],
  ])('a wrong %s is named', (name, value) => {
    expect(() => readEnvironment({ ...REQUIRED, [name]: value })).toThrow(name);
  });

  test('the apps’ processes are named one after the other', () => {
    const named = { ...REQUIRED, STREAMS_HEALTH_URLS: 'http://streams:8090, http://[::1]:8091' };
    expect(readEnvironment(named).streamsHealthUrls).toEqual([
      ...['http://streams:8090', 'http://[::1]:8091'],
    ]);
    expect(readEnvironment(REQUIRED).streamsHealthUrls).toEqual([]);
  });

  test('demo accounts are taken beside the emulator', () => {
    const emulated = { ...REQUIRED, FIREBASE_AUTH_EMULATOR_HOST: '127.0.0.1:9099' };
    const given = { ...emulated, EDGE_DEMO_ACCOUNTS: 'ops:ops@example.com:demo' };
    expect(readEnvironment(given).demoAccounts).toEqual([
      { role: 'ops', email: 'ops@example.com', password: 'demo' },
    ]);
  });

  test('all that is wrong is named at once', () => {
    const wrong = { ...REQUIRED, REDIS_URL: 'nowhere', GCLOUD_PROJECT: undefined };
    expect(() => readEnvironment(wrong)).toThrow(/REDIS_URL: .*GCLOUD_PROJECT: /);
  });
});
