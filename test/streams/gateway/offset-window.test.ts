import { GATEWAY_LIMITS } from '../../../streams/gateway/limits';
import { OffsetWindow } from '../../../streams/gateway/offset-window';

/** The broker's default `offset.metadata.max.bytes`. */
const METADATA_BYTES_MAX = 4_096;

test('the committed offset is that of the lowest unfinished request', () => {
  const window = OffsetWindow.restore(10, '');
  for (const offset of [10, 11, 12]) window.take(offset);
  window.finish(12);
  expect(window.commit().offset).toBe(10);
  window.finish(10);
  expect(window.commit().offset).toBe(11);
  window.finish(11);
  expect(window.commit().offset).toBe(13);
});

test('after a crash what was finished is passed over and the rest is taken again', () => {
  const before = OffsetWindow.restore(10, '');
  for (const offset of [10, 11, 13, 14]) before.take(offset);
  for (const offset of [10, 13, 14]) before.finish(offset);
  const { offset, metadata } = before.commit();
  expect(offset).toBe(11);
  const after = OffsetWindow.restore(offset, metadata);
  expect([11, 13, 14, 15].map((each) => after.take(each))).toEqual([true, false, false, true]);
});

test('what was finished stays finished over any number of crashes', () => {
  let committed = { offset: 0, metadata: '' };
  const taken: number[] = [];
  for (let crash = 0; crash < 5; crash += 1) {
    const window = OffsetWindow.restore(committed.offset, committed.metadata);
    const open: number[] = [];
    for (let offset = committed.offset; offset < 10; offset += 1) {
      if (window.take(offset)) open.push(offset);
    }
    // The lowest is left open until the end, so that only the bitmap remembers the others.
    const done = open.slice(1, 3);
    for (const offset of done) window.finish(offset);
    taken.push(...done);
    committed = window.commit();
  }
  expect(taken).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(committed.offset).toBe(0);
});

test('a commit right after a crash, before anything is read again, loses nothing', () => {
  const before = OffsetWindow.restore(0, '');
  for (const offset of [0, 1, 2, 3]) before.take(offset);
  for (const offset of [1, 3]) before.finish(offset);
  const first = before.commit();
  const again = OffsetWindow.restore(first.offset, first.metadata).commit();
  expect(again).toEqual(first);
});

test('what was finished before a crash may be read after a commit has passed it', () => {
  const before = OffsetWindow.restore(0, '');
  for (const offset of [0, 1]) before.take(offset);
  before.finish(1);
  const { offset, metadata } = before.commit();
  const after = OffsetWindow.restore(offset, metadata);
  after.take(0);
  after.finish(0);
  expect(after.commit().offset).toBe(2);
  expect([1, 2].map((each) => after.take(each))).toEqual([false, true]);
});

test('gaps that control records leave are passed', () => {
  const window = OffsetWindow.restore(0, '');
  window.take(0);
  window.take(3);
  window.finish(0);
  window.finish(3);
  window.passTo(5);
  expect(window.commit()).toMatchObject({ offset: 5 });
});

test('finished requests that the position reaches are passed without being read', () => {
  const before = OffsetWindow.restore(0, '');
  for (const offset of [0, 1, 2]) before.take(offset);
  for (const offset of [1, 2]) before.finish(offset);
  const { offset, metadata } = before.commit();
  const after = OffsetWindow.restore(offset, metadata);
  after.take(0);
  after.finish(0);
  expect(after.commit().offset).toBe(3);
});

test('the widest window fits into the metadata that the broker takes', () => {
  const window = OffsetWindow.restore(7, '');
  const last = 7 + GATEWAY_LIMITS.windowOffsetsMax - 1;
  for (let offset = 7; offset <= last; offset += 1) {
    expect(window.reaches(offset, GATEWAY_LIMITS.windowOffsetsMax)).toBe(true);
    window.take(offset);
    if (offset > 7) window.finish(offset);
  }
  expect(window.reaches(last + 1, GATEWAY_LIMITS.windowOffsetsMax)).toBe(false);
  const { offset, metadata } = window.commit();
  expect(offset).toBe(7);
  expect(Buffer.byteLength(metadata)).toBeLessThanOrEqual(METADATA_BYTES_MAX);
  expect(OffsetWindow.restore(7, metadata).commit().metadata).toBe(metadata);
});

test.each(['{"v":1}', '{"v":2,"done":""}', 'not JSON', '[]'])(
  'metadata of another writer, %s, is refused',
  (metadata) => {
    expect(() => OffsetWindow.restore(0, metadata)).toThrow('PROTOCOL');
  },
);

test('finishing what is not open is a bug', () => {
  const window = OffsetWindow.restore(0, '');
  window.take(0);
  window.finish(0);
  expect(() => window.finish(0)).toThrow('not open');
  expect(() => window.take(0)).toThrow('taken before');
});
