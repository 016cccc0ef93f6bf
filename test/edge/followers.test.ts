import { Followers } from '../../edge/followers';
import { CatalogTable } from '../../edge/log/catalog';
import type { LogConnection } from '../../edge/log/log-connection';
import type { LiveFeed } from '../../edge/push/live-feed';
import { systemClock } from '../../platform/clock';
import { RuntimeError } from '../../streams/runtime/errors';
import { MemoryKafka } from './log/memory-kafka';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A log whose topics are there from the `made`-th look on; before that `error` is the answer. */
function connectionTo(kafka: MemoryKafka, made: number, error: Error): LogConnection {
  let looks = 0;
  const broker = Object.assign(Object.create(kafka.broker) as typeof kafka.broker, {
    logStarts: (partitions: Parameters<typeof kafka.broker.logStarts>[0]) => {
      looks += 1;
      return looks < made ? Promise.reject(error) : kafka.broker.logStarts(partitions);
    },
  });
  const log = { broker, codec: kafka.codec() };
  return { open: () => Promise.resolve(log) } as unknown as LogConnection;
}

function followersOf(table: CatalogTable): Followers {
  const feed = { open: () => Promise.resolve(undefined) } as unknown as LiveFeed;
  return new Followers(table, feed, { partitions: 1, clock: systemClock, logger: silent });
}

test('topics that are not made yet are waited for: on a new cluster an edge may be first', async () => {
  const missing = new RuntimeError('UNKNOWN_TOPIC', 'not there yet');
  const table = new CatalogTable();
  const followers = followersOf(table);
  const running = followers.run(connectionTo(new MemoryKafka(), 2, missing));
  const until = Date.now() + 10_000;
  while (table.lookUp('tea') === 'loading' && Date.now() < until) await systemClock.sleep(20);
  expect(table.lookUp('tea')).toBe('unknown');
  followers.stop();
  await running;
});

test('what does not pass by itself ends them', async () => {
  const damaged = new RuntimeError('OFFSET_JUMPED', 'the log is damaged');
  const followers = followersOf(new CatalogTable());
  await expect(followers.run(connectionTo(new MemoryKafka(), 2, damaged))).rejects.toBe(damaged);
});
