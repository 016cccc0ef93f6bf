import { ManualClock } from '../../../platform/manual-clock';
import { readStretches, type LogStretch } from '../../../streams/runtime/log-stretches';
import { MemoryBroker } from '../../../streams/runtime/memory-broker';

let broker: MemoryBroker;

beforeEach(() => {
  broker = new MemoryBroker(new ManualClock(0));
  for (const topic of ['orders', 'payments']) {
    for (let offset = 0; offset < 5; offset += 1) {
      broker.append({ topic, partition: 0, key: 'key', value: Buffer.from('value') });
    }
  }
});

async function read(stretches: readonly LogStretch[], waitMs?: () => number): Promise<string[]> {
  const places: string[] = [];
  for await (const { topic, records } of readStretches(broker, stretches, waitMs)) {
    places.push(...records.map(({ offset }) => `${topic} ${String(offset)}`));
  }
  return places;
}

test('what stands between start and end is read, of each stretch', async () => {
  const stretches = [
    { topic: 'orders', partition: 0, start: 1, end: 3 },
    { topic: 'payments', partition: 0, start: 4, end: 5 },
  ];
  expect((await read(stretches)).sort()).toEqual(['orders 1', 'orders 2', 'payments 4']);
});

test('nothing is read of an empty stretch, and nobody waits for it', async () => {
  expect(await read([{ topic: 'orders', partition: 0, start: 3, end: 3 }])).toEqual([]);
});

test('a stretch without end is read until nobody wants more', async () => {
  const stretch = { topic: 'orders', partition: 0, start: 3, end: Infinity };
  for await (const { records } of readStretches(broker, [stretch])) {
    expect(records.map(({ offset }) => offset)).toEqual([3, 4]);
    break;
  }
});

test('who does not want to wait any more ends the reading', async () => {
  const late = () => {
    throw new Error('too late');
  };
  const stretch = { topic: 'orders', partition: 0, start: 0, end: 5 };
  await expect(read([stretch], late)).rejects.toThrow('too late');
});
