import { kcatFrames } from '../../tools/kcat-frames';

async function read(...parts: readonly Buffer[]) {
  const records = [];
  for await (const record of kcatFrames(given(parts))) records.push(record);
  return records;
}

async function* given(parts: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const part of parts) {
    await Promise.resolve();
    yield part;
  }
}

const text = (value: string) => Buffer.from(value, 'latin1');

test('values are taken whole, whatever bytes they have', async () => {
  const value = Buffer.from([0, 0, 0, 0, 9, 0x0a, 0x20, 0xff]);
  const input = Buffer.concat([text('3 7 1000 3 8\nk-1'), value, text('\n')]);
  const expected = { partition: 3, offset: 7, timestamp: 1_000, key: text('k-1'), value };
  expect(await read(input)).toEqual([expected]);
});

test('records are told apart wherever the input was cut', async () => {
  const input = text('0 1 5 1 2\nkvv\n0 2 6 -1 0\n\n0 3 7 1 -1\nk\n');
  const bytes = [...input].map((byte) => Buffer.from([byte]));
  expect(await read(...bytes)).toEqual(await read(input));
  expect(await read(input)).toMatchObject([
    { offset: 1, key: text('k'), value: text('vv') },
    { offset: 2, key: null, value: text('') },
    { offset: 3, key: text('k'), value: null },
  ]);
});

test.each([
  ['kcat’s own format', '% Reached end of topic\n'],
  ['a value alone, without an end', 'x'.repeat(200)],
  ['a record that is cut', '0 1 5 1 2\nkv'],
  ['a record that is longer than it says', '0 1 5 1 2\nkvvv\n'],
])('%s is refused with the format to use', async (_what, input) => {
  await expect(read(text(input))).rejects.toThrow(String.raw`-f '%p %o %T %K %S\n%k%s\n'`);
});
