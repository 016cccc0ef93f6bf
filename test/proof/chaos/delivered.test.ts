import { Delivered, type DeliveredRecord } from '../../../proof/chaos/delivered';

const place = { topic: 'orders.events.v1', partition: 3 };

function record(offset: number, value = `value ${offset}`): DeliveredRecord {
  return { offset, timestamp: 1_000 + offset, key: Buffer.from('key'), value: Buffer.from(value) };
}

function given(...records: readonly DeliveredRecord[]): Delivered {
  const delivered = new Delivered(place);
  for (const each of records) delivered.add(each);
  return delivered;
}

describe('what a reader was given', () => {
  test('equals the committed log when it is the same, however long', () => {
    const records = Array.from({ length: 5_000 }, (_, index) => record(index * 2));
    expect(given(...records).differencesFrom(given(...records))).toEqual([]);
  });

  test('shows an aborted record, which the committed log lacks', () => {
    const found = given(record(1), record(2)).differencesFrom(given(record(1)));
    expect(found).toEqual(['orders.events.v1-3@2 was delivered and is not in the committed log']);
  });

  test('shows a committed record that was not delivered', () => {
    const found = given(record(2)).differencesFrom(given(record(1), record(2)));
    expect(found).toEqual(['orders.events.v1-3@1 is committed and was not delivered']);
  });

  test('shows another content at the same offset', () => {
    const found = given(record(1, 'other')).differencesFrom(given(record(1)));
    expect(found).toEqual(['orders.events.v1-3@1 was delivered with another content']);
  });

  test('may hold a record again that was given before, the same', () => {
    const delivered = given(record(1), record(2), record(1));
    expect(delivered).toMatchObject({ records: 2, repeated: 1, violations: [] });
  });

  test.each([
    [[record(1), record(3), record(2)], 'out of order'],
    [[record(1), record(2), record(1, 'other')], 'again, differently'],
  ])('may not break the order or change: %#', (records, words) => {
    expect(given(...records).violations).toEqual([expect.stringContaining(words)]);
  });
});
