import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { projectFolder } from '../../platform/project-folder';

test('a process that is told too little ends at once, and names all that it lacks', () => {
  const file = path.join(projectFolder, 'streams', 'main.ts');
  const told = { PATH: process.env['PATH'], KAFKA_TLS_CA_PATH: '/ca.pem', TOPIC_PARTITIONS: 'six' };
  const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_TRACES_SAMPLER_ARG: '2' };
  const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', file], {
    cwd: projectFolder,
    encoding: 'utf8',
    env: { ...told, ...tracing },
  });
  expect(status).toBe(1);
  const { err } = JSON.parse(stdout) as { readonly err: { readonly message: string } };
  const named = err.message.split('; ').map((problem) => problem.split(':')[0]);
  expect(named.sort()).toEqual([
    'DATABASE_URL',
    'KAFKA_BROKERS',
    'KAFKA_TLS_CA_PATH',
    'OTEL_TRACES_SAMPLER_ARG',
    'PAYPAY_API_KEY',
    'PAYPAY_API_SECRET',
    'PAYPAY_MERCHANT_ID',
    'SCHEMA_REGISTRY_URL',
    'TOPIC_PARTITIONS',
  ]);
});
