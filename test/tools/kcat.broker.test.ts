/** Every command of docs/kcat.md, on a real broker, with a kcat that knows no Avro. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findConnection } from '../../platform/connection';
import { projectFolder } from '../../platform/project-folder';
import { bringUpTopics } from '../../topics/bring-up';
import { ordersEvents } from '../../topics/orders';
import { openEventProducer } from '../../streams/runtime/kafka/event-producer';
import { partitionFor } from '../../streams/runtime/kafka/partitioner';
import { orderCreated } from '../streams/views/sample-events';

/** A dozen processes of Node on a busy machine. */
jest.setTimeout(120_000);

const ORDER_ID = '5b0e4f5c-7f5e-5c4e-9a53-0d8a3f1c7b52';
const PARTITIONS = Number(process.env['TOPIC_PARTITIONS'] ?? 6);

const commands = [
  ...readFileSync(path.join(projectFolder, 'docs/kcat.md'), 'utf8').matchAll(
    /^```sh\n(.*?)\n^```$/gms,
  ),
].map(([, command = '']) => command);

const hasKcat = spawnSync('kcat', ['-V']).error === undefined;
const withKcat = hasKcat ? test : test.skip;
const environment = { ...process.env, ORDER_ID, SINCE_MS: '0' } as Record<string, string>;

beforeAll(async () => {
  if (!hasKcat) return;
  const { brokers, registryUrl } = findConnection();
  const topics = [ordersEvents];
  const shared = { brokers, registryUrl, partitions: PARTITIONS, replicationFactor: 1 };
  const codec = await bringUpTopics({ ...shared, topics });
  const producer = openEventProducer({ brokers, clientId: 'kcat-test' });
  const value = codec.encode(ordersEvents.name, orderCreated(ORDER_ID));
  const partition = partitionFor(ORDER_ID, PARTITIONS);
  const record = { topic: ordersEvents.name, partition, key: ORDER_ID, value };
  const [offset] = await producer.send([record], 10_000);
  await producer.close();
  environment['PARTITION'] = String(partition);
  environment['OFFSET'] = String(offset);
});

const OUTPUT_BYTES_MAX = 256 * 1024 * 1024;

test('there are commands', () => {
  expect(commands.length).toBeGreaterThan(6);
});

withKcat.each(commands)('%s', (command) => {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command], {
    cwd: projectFolder,
    env: environment,
    encoding: 'utf8',
    // Other tests have written to the topic as well.
    maxBuffer: OUTPUT_BYTES_MAX,
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  if (command.includes('topic:decode') || command.includes('run --silent topic ')) {
    expect(stdout).toContain('OrderCreated');
  }
  expect(stdout).toContain(command.includes(' -L ') ? ordersEvents.name : ORDER_ID);
});
