import { RuntimeError } from '../../../streams/runtime/errors';
import type { LogRecord } from '../../../streams/runtime/broker';
import { catalogProducts } from '../../../topics/catalog';
import { RecordFollower } from '../../../edge/log/record-follower';
import { MemoryKafka } from './memory-kafka';

/** Sleeps never last: what is tried again is tried at once. */
const hurried = { now: () => 0, sleep: () => Promise.resolve() };
const BEGIN = [{ topic: catalogProducts.name, partition: 0, offset: 0 }];

describe('a follower of the log', () => {
  test('brings a fetch again that its listener could not take yet', async () => {
    const kafka = new MemoryKafka();
    kafka.appendBytes(catalogProducts, 'a', null);
    const brought: (readonly LogRecord[])[] = [];
    const follower = new RecordFollower(kafka.broker.openReader(), hurried, (fetched) => {
      const records = fetched.flatMap((part) => part.records);
      if (records.length === 0) return Promise.resolve();
      brought.push(records);
      if (brought.length < 3) return Promise.reject(new RuntimeError('REGISTRY_UNREACHABLE', ''));
      follower.stop();
      return Promise.resolve();
    });
    await follower.follow(BEGIN);
    expect(brought.map((records) => records.map(({ offset }) => offset))).toEqual([[0], [0], [0]]);
  });

  test('ends with what no retry mends', async () => {
    const reader = Object.assign(new MemoryKafka().broker.openReader(), {
      poll: () => Promise.reject(new RuntimeError('OFFSET_OUT_OF_RANGE', '')),
    });
    const follower = new RecordFollower(reader, hurried, () => Promise.resolve());
    await expect(follower.follow(BEGIN)).rejects.toMatchObject({ code: 'OFFSET_OUT_OF_RANGE' });
  });
});
