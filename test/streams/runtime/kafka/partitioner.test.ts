import { murmur2, partitionFor } from '../../../../streams/runtime/kafka/partitioner';

describe('the partitioner', () => {
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])("hashes %s as the vectors of Kafka's own test say", (key, hash) => {
    expect(murmur2(Buffer.from(key))).toBe(hash);
  });

  it('takes the key as UTF-8 and the hash without its sign', () => {
    expect(partitionFor('注文', 6)).toBe((murmur2(Buffer.from('注文', 'utf8')) & 0x7fffffff) % 6);
    expect(partitionFor('21', 6)).toBe((-973932308 & 0x7fffffff) % 6);
  });
});
