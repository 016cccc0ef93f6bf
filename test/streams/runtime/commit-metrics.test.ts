import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import type { Broker } from '../../../streams/runtime/broker';
import { CommitMetrics } from '../../../streams/runtime/commit-metrics';
import { RuntimeError } from '../../../streams/runtime/errors';
import { MemoryBroker } from '../../../streams/runtime/memory-broker';
import { StoreFolder } from '../../../streams/runtime/store/store-folder';
import { ManualClock } from '../../../platform/manual-clock';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

test('a transaction is timed and its records counted; one that fails is told apart', async () => {
  const registry = new Registry();
  const broker = new MemoryBroker(new ManualClock(0));
  // A broker is made of closures, as kafka/kafka-broker.ts makes it.
  const openProducer: Broker['openProducer'] = (id) => broker.openProducer(id);
  const watched = new CommitMetrics(registry).broker('orders', { openProducer } as Broker);
  const producer = await watched.openProducer('orders-0');
  const record = { topic: 't', partition: 0, key: 'k', value: Buffer.from('v') };
  const commit = () => producer.commit({ records: [record], group: 'orders', offsets: () => [] });
  await commit();
  await broker.openProducer('orders-0');
  await expect(commit()).rejects.toBeInstanceOf(RuntimeError);
  const text = await registry.metrics();
  expect(text).toContain('duration_seconds_count{app="orders",outcome="committed"} 1');
  expect(text).toContain('duration_seconds_count{app="orders",outcome="failed"} 1');
  expect(text).toContain('streams_transaction_records_sum{app="orders"} 1');
});

test('a store tells how long its writes take and how large it is', async () => {
  const data = mkdtempSync(join(tmpdir(), 'commit-metrics-'));
  const registry = new Registry();
  const folder = await StoreFolder.open(data, 'orders', 'one', silent);
  try {
    const store = await new CommitMetrics(registry).stores('orders', folder).open(3);
    const checkpoint = {
      seq: 1,
      changelogPosition: 1,
      storeId: 's',
      clusterId: 'c',
      writtenAt: 0,
    };
    const states = [['key', Buffer.alloc(10_000, 'x')]] as const;
    await store.write({ states, timersCleared: [], timersSet: [], checkpoint });
    expect(await store.checkpoint()).toEqual(checkpoint);
    const text = await registry.metrics();
    expect(text).toContain('streams_store_write_duration_seconds_count{app="orders"} 1');
    const bytes = /^streams_store_bytes\{app="orders",partition="3"\} (\d+)$/m.exec(text)?.[1];
    expect(Number(bytes)).toBeGreaterThan(10_000);
    await store.close();
  } finally {
    await folder.close();
    rmSync(data, { recursive: true });
  }
});
