import { Codec } from '../../../platform/avro/codec';
import { header } from '../../../platform/avro/header';
import type { FinishedSpan, Traces } from '../../../platform/trace/spans';
import { ManualClock } from '../../../platform/manual-clock';
import type { Broker } from '../../../streams/runtime/broker';
import { MemoryBroker } from '../../../streams/runtime/memory-broker';
import { tracedBroker } from '../../../streams/runtime/traced-broker';
import { orderPaid } from '../views/sample-events';
import { recordTypes } from '../../../schemas/avro-types';
import { ordersEvents } from '../../../topics/orders';

const ORDER = 'b5a34a53-68b1-5b8a-9a55-0f7e9a3d6d11';

test('what a commit wrote is marked, and a span once it stands; what was aborted is none', async () => {
  const clock = new ManualClock(5_000);
  const memory = new MemoryBroker(clock);
  const openProducer: Broker['openProducer'] = (id) => memory.openProducer(id);
  const spans: FinishedSpan[] = [];
  const traces: Traces = {
    isSampled: () => true,
    finished: (_service, span) => spans.push(span),
    close: () => Promise.resolve(),
  };
  const codec = Codec.local(recordTypes, [ordersEvents]);
  const silent = ['orders.changelog.v1'];
  const options = { service: 'orders', traces, codec, clock, silent };
  const producer = await tracedBroker({ openProducer } as Broker, options).openProducer('orders-0');
  const event = { ...orderPaid(ORDER), ...header({ id: ORDER, at: 4_000 }, 'paid', ORDER) };
  const value = codec.encode(ordersEvents.name, event);
  const place = { partition: 0, key: ORDER, value };
  const records = [
    { ...place, topic: ordersEvents.name },
    { ...place, topic: 'orders.changelog.v1' },
  ];
  const commit = () => producer.commit({ records, group: 'orders', offsets: () => [] });
  await commit();
  const [written] = memory.recordsOf({ topic: ordersEvents.name, partition: 0 });
  const header0 = written?.headers['traceparent']?.toString('utf8');
  expect(spans).toMatchObject([
    { name: 'OrderPaid orders.events.v1', startedAt: 4_000, endedAt: 5_000 },
  ]);
  expect(header0).toBe(`00-${spans[0]?.traceId ?? ''}-${spans[0]?.spanId ?? ''}-01`);
  const [kept] = memory.recordsOf({ topic: 'orders.changelog.v1', partition: 0 });
  expect(kept?.headers).toEqual({});
  await memory.openProducer('orders-0');
  await expect(commit()).rejects.toThrow();
  expect(spans).toHaveLength(1);
});
