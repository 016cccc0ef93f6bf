/** `npm run prove:downtime`, small: the production app on a real log, down while all is written. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { proveDowntime } from '../../../proof/downtime/downtime-proof';
import { alertsDefaults } from '../../../streams/alerts/settings';
import { alertsApp } from '../../../streams/alerts/topology';
import { systemClock } from '../../../platform/clock';
import { openEventProducer } from '../../../streams/runtime/kafka/event-producer';
import { connectBroker } from '../../../streams/runtime/kafka/kafka-broker';
import { StoreFolder } from '../../../streams/runtime/store/store-folder';
import { Worker } from '../../../streams/runtime/worker';
import { bringUpTopics } from '../../../topics/bring-up';
import { deadLetters } from '../../../topics/dead-letters';
import { eventually, fromEnvironment } from '../../streams/views/views-fixture';

jest.setTimeout(180_000);

const GRACE_MS = 5_000;
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

test('T1: a downtime raises nothing of what was answered in time, and each late answer once', async () => {
  const brokers = fromEnvironment('KAFKA_BROKERS').split(',');
  const partitions = Number(process.env['TOPIC_PARTITIONS'] ?? 6);
  const data = mkdtempSync(join(tmpdir(), 'downtime-'));
  const settings = { ...alertsDefaults, ruleAGraceMs: GRACE_MS, ruleBGraceMs: GRACE_MS };
  const app = alertsApp(settings);
  const codec = await bringUpTopics({
    brokers,
    registryUrl: fromEnvironment('SCHEMA_REGISTRY_URL'),
    topics: [...app.inputs, ...app.outputs, app.changelog, deadLetters],
    partitions,
    replicationFactor: 1,
  });
  const broker = await connectBroker({ brokers, clientId: 'downtime' });
  const producer = openEventProducer({ brokers, clientId: 'downtime' });
  const startApp = async () => {
    const stores = await StoreFolder.open(data, app.name, 'one', quiet);
    const { memberIdFile } = stores;
    const options = { app, broker, codec, clock: systemClock, logger: quiet, stores, deadLetters };
    const worker = await Worker.start({ ...options, memberIdFile });
    await eventually('it works', () => {
      const { tasks } = worker.health();
      const works = tasks.length === partitions && tasks.every(({ state }) => state === 'running');
      return Promise.resolve(works);
    });
    return async () => {
      await worker.stop();
      await stores.close();
    };
  };
  try {
    const verdict = await proveDowntime({
      ...{ broker, producer, codec, partitions, startApp },
      graceMs: GRACE_MS,
      orders: 2_000,
      late: 50,
      say: () => undefined,
    });
    expect(verdict).toMatchObject({
      inTime: 2_000,
      falseAlarms: 0,
      late: 50,
      raisedOnce: 50,
      resolved: 50,
      holds: true,
    });
  } finally {
    await producer.close();
    await broker.close();
    rmSync(data, { recursive: true, force: true });
  }
});
