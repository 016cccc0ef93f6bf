import { ManualClock } from '../../../platform/manual-clock';
import { MemoryCluster } from '../../../streams/runtime/memory/memory-cluster';
import { MemoryConnection } from '../../../streams/runtime/memory/memory-connection';
import { startViewsOn } from '../../../streams/views/views';
import type { ViewDatabase } from '../../../streams/views/view-store';
import { Codec } from '../../../platform/avro/codec';
import { recordTypes } from '../../../schemas/avro-types';
import { eventTopics } from '../../../topics/catalogue';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A database of which only the preparation is reached. */
function unprepared(error: Error): { readonly database: ViewDatabase; readonly done: string[] } {
  const done: string[] = [];
  const never = () => Promise.reject(new Error('not before it was prepared'));
  const database: ViewDatabase = {
    prepare: () => Promise.reject(error),
    positions: never,
    begin: never,
    commit: never,
    rereadPartition: never,
    close: () => {
      done.push('closed');
      return Promise.resolve();
    },
  };
  return { database, done };
}

test.each([
  [
    'says that it may be tried again while Postgres is away',
    Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
    { code: 'DATABASE_UNAVAILABLE', recovery: 'retry' },
  ],
  [
    'says what is wrong when it is anything else',
    new Error('migration 0001 was changed after it was applied'),
    { message: 'migration 0001 was changed after it was applied' },
  ],
])('their start %s, and leaves nothing open', async (_what, error, expected) => {
  const clock = new ManualClock(1_000);
  const cluster = new MemoryCluster({ clock, autoCreatePartitions: 1 });
  const broker = new MemoryConnection({ cluster, clock });
  const codec = Codec.local(recordTypes, eventTopics);
  const { database, done } = unprepared(error);
  const started = startViewsOn(database, { broker, codec, clock, logger: silent });
  await expect(started).rejects.toMatchObject(expected);
  expect(done).toEqual(['closed']);
});
