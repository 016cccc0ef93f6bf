import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { claimFile } from '../../../local/stack/owned-file';
import { temporaryFolder, type TemporaryFolder } from '../temporary-folder';

let folder: TemporaryFolder;
let file: string;

beforeEach(() => {
  folder = temporaryFolder();
  file = path.join(folder.path, 'deep', 'stack.lock');
});
afterEach(() => folder.remove());

function claim() {
  const outcome = claimFile(file, 'test');
  if (outcome.kind !== 'held') throw new Error('the file is taken');
  return outcome;
}

describe('an owned file', () => {
  test('is taken while its owner lives, and says who that is', () => {
    claim();
    expect(claimFile(file, 'another')).toEqual({ kind: 'taken', pid: process.pid });
  });

  test('is free again once released', () => {
    claim().release();
    expect(existsSync(file)).toBe(false);
    expect(claimFile(file, 'another').kind).toBe('held');
  });

  test.each([
    ['a dead owner', { name: 'test', pid: 2 ** 22 + 1, startedAt: 'boot/1' }],
    ['a pid that is now another process', { name: 'test', pid: process.pid, startedAt: 'other/1' }],
  ])('of %s is taken over', (_, record) => {
    claim().release();
    writeFileSync(file, JSON.stringify(record));
    claim();
    expect(readFileSync(file, 'utf8')).toContain(`"pid":${process.pid}`);
  });

  test('that holds garbage is taken over', () => {
    claim().release();
    writeFileSync(file, 'garbage');
    claim();
  });

  test('is not removed by a release that comes after another took it over', () => {
    const first = claim();
    const successor = JSON.stringify({ name: 'test', pid: process.pid, startedAt: 'later' });
    writeFileSync(file, successor);
    first.release();
    expect(readFileSync(file, 'utf8')).toBe(successor);
  });

  test('leaves no other file behind', () => {
    writeFileSync(path.join(folder.path, 'x'), '');
    claim().release();
    claim();
    expect(readdirSync(path.dirname(file))).toEqual(['stack.lock']);
  });
});
