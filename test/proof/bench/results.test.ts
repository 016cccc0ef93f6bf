import { markdownOf } from '../../../proof/bench/results';

const machine = {
  date: '2026-11-29T00:00:00.000Z',
  cpu: 'a CPU',
  cpus: 2,
  memoryGiB: 23,
  freeGiB: 20,
  load: 0.1,
  kernel: '6.1',
  node: 'v20.11.0',
  versions: { java: '17.0.15', 'Kafka Streams': '4.4.0' },
  commit: 'abc1234',
};

it('a table has a column a side, with the median, the spread and how many times better ours is', () => {
  const text = markdownOf({
    machine,
    arguments: ['--rounds', '3'],
    answer: {
      question: 'join',
      title: 'Alert join',
      notes: ['One log for all.'],
      metrics: [
        { name: 'events/s', decimals: 0, better: 'more' },
        { name: 'p99, ms', decimals: 1, better: 'less' },
      ],
      sides: [
        {
          side: 'ours',
          rounds: [
            { 'events/s': 1_000, 'p99, ms': 10 },
            { 'events/s': 3_000, 'p99, ms': 12 },
            { 'events/s': 2_000, 'p99, ms': 11.25 },
          ],
        },
        { side: 'peer', rounds: [{ 'events/s': 1_000, 'p99, ms': 45 }] },
        { side: 'bare', rounds: [{ 'events/s': 4_000 }] },
      ],
    },
  });
  expect(text).toContain(
    '| events/s | 2,000 (1,000 to 3,000) | 1,000; ours 2.00x | 4,000; ours 0.50x |',
  );
  expect(text).toContain('| p99, ms | 11.3 (10 to 12) | 45; ours 4.00x | – |');
  expect(text).toContain('`npm run bench:join -- --rounds 3`');
  expect(text).toContain('Node v20.11.0, java 17.0.15, Kafka Streams 4.4.0');
});
