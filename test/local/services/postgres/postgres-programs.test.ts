import { mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeLinks } from '../../../../local/services/postgres/postgres-programs';
import { temporaryFolder, type TemporaryFolder } from '../../temporary-folder';

describe('the links between the libraries of Postgres', () => {
  let folder: TemporaryFolder;

  beforeEach(() => {
    folder = temporaryFolder();
    mkdirSync(path.join(folder.path, 'native', 'lib'), { recursive: true });
  });
  afterEach(() => folder.remove());

  function inPackage(...parts: readonly string[]): string {
    return path.join(folder.path, 'native', ...parts);
  }

  test('are made where an install ran no scripts, and once', () => {
    writeFileSync(inPackage('lib', 'libpq.so.5.17'), 'the library');
    const links = [{ source: 'native/lib/libpq.so.5.17', target: 'native/lib/libpq.so' }];
    writeFileSync(inPackage('pg-symlinks.json'), JSON.stringify(links));
    makeLinks(folder.path);
    makeLinks(folder.path);
    expect(readFileSync(inPackage('lib', 'libpq.so'), 'utf8')).toBe('the library');
    expect(readlinkSync(inPackage('lib', 'libpq.so'))).toBe('libpq.so.5.17');
  });

  test('are none on a system that needs none', () => {
    expect(() => makeLinks(folder.path)).not.toThrow();
  });
});
