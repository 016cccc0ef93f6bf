import type { EventOf } from '../../../schemas/event';
import { eventId } from '../../../schemas/event-id';
import { orderHeader } from '../../../schemas/header';
import type { LogRecord } from '../../../streams/runtime/broker';
import { systemClock } from '../../../platform/clock';
import { ordersEvents } from '../../../topics/orders';
import type { TimelineEntry } from '../../../edge/contract/api-types';
import { limits } from '../../../edge/limits';
import { LiveFeed } from '../../../edge/push/live-feed';
import { eventually } from '../../streams/views/views-fixture';
import { MemoryKafka } from '../log/memory-kafka';
import { ORDER_ID, OTHER_ORDER_ID } from '../rows';

function failed(orderId: string, detail: string): EventOf<'OrderFailed'> {
  return {
    type: 'OrderFailed',
    ...orderHeader({ id: eventId(orderId, detail), at: 0 }, 'failed', orderId),
    userId: 'shopper-1',
    reason: 'TIMED_OUT',
    detail,
  };
}

const from = (nextOffset: number) => [{ topic: ordersEvents.name, partition: 0, nextOffset }];

describe('the live feed', () => {
  let kafka: MemoryKafka;
  let feed: LiveFeed;
  let handedOn: LogRecord[];
  let stop: () => Promise<void>;

  beforeEach(() => {
    kafka = new MemoryKafka();
    feed = new LiveFeed([ordersEvents.name], 1);
    handedOn = [];
    feed.onRecords((records) => {
      handedOn.push(...records);
      return Promise.resolve();
    });
    stop = () => Promise.resolve();
  });
  afterEach(() => stop());

  async function open(): Promise<void> {
    const log = { broker: kafka.broker, codec: kafka.codec() };
    const opened = await feed.open(log, systemClock);
    const running = opened.run();
    stop = () => {
      opened.follower.stop();
      return running;
    };
  }

  async function replay(nextOffset: number, key?: string): Promise<unknown[]> {
    let found: readonly TimelineEntry[] = [];
    await feed.replay(from(nextOffset), key, (entries) => {
      found = entries;
    });
    return found.map(({ payload }) => payload['detail']);
  }

  const append = (...details: string[]) =>
    details.map((detail) => kafka.append(ordersEvents, failed(ORDER_ID, detail)));

  async function readUpTo(count: number): Promise<void> {
    await eventually(`${String(count)} records are read`, () =>
      Promise.resolve(handedOn.length >= count),
    );
  }

  test('replays what came after the snapshot, of the one order', async () => {
    append('a', 'b');
    kafka.append(ordersEvents, failed(OTHER_ORDER_ID, 'other'));
    kafka.appendBytes(ordersEvents, ORDER_ID, Buffer.from('garbage'));
    append('c');
    await open();
    await readUpTo(5);
    expect(await replay(1, ORDER_ID)).toEqual(['b', 'c']);
    expect(await replay(0)).toEqual(['a', 'b', 'other', 'c']);
    expect(await replay(5, ORDER_ID)).toEqual([]);
  });

  test('hands on what comes after the replay, in log order', async () => {
    append('a');
    await open();
    await readUpTo(1);
    append('b', 'c');
    await readUpTo(3);
    expect(handedOn.map(({ offset }) => offset)).toEqual([0, 1, 2]);
  });

  test('reads from Kafka what is older than memory', async () => {
    const count = limits.ringRecordsMax * 2;
    append(...Array.from({ length: count }, (_, n) => String(n)));
    await open();
    await readUpTo(limits.ringRecordsMax);
    expect(handedOn[0]?.offset).toBe(limits.ringRecordsMax);
    expect(await replay(count - limits.ringRecordsMax - 5, ORDER_ID)).toHaveLength(
      limits.ringRecordsMax + 5,
    );
  });

  test('refuses a snapshot that is too far behind to be worth reading up to', async () => {
    const tooMany = limits.gapRecordsMax + limits.ringRecordsMax + 1;
    for (let n = 0; n < tooMany; n++) kafka.appendBytes(ordersEvents, 'x', null);
    await open();
    await expect(replay(0, ORDER_ID)).rejects.toMatchObject({ code: 'VIEWS_BEHIND' });
  });

  test('reads so many gaps at once, and puts off who is one too many', async () => {
    append(...Array.from({ length: limits.ringRecordsMax * 2 }, (_, n) => String(n)));
    await open();
    const reads = Array.from({ length: limits.gapReadsMax + 1 }, () => replay(0, ORDER_ID));
    const outcomes = await Promise.allSettled(reads);
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toMatchObject([{ reason: { code: 'VIEWS_BEHIND' } }]);
    expect(await replay(0, ORDER_ID)).toHaveLength(limits.ringRecordsMax * 2);
  });

  test('knows how far the log goes', async () => {
    append('a', 'b');
    await open();
    await readUpTo(2);
    await feed.refuseUnknown(from(2));
    await expect(feed.refuseUnknown(from(3))).rejects.toMatchObject({ code: 'VIEWS_BEHIND' });
  });

  test('has nothing to say before Kafka was reached', async () => {
    await expect(replay(0)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
  });
});
