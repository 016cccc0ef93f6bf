import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { foldersOnTheWay, requireReachable } from '../../../../local/services/postgres/server-user';
import { temporaryFolder, type TemporaryFolder } from '../../temporary-folder';

let folder: TemporaryFolder;

beforeEach(() => {
  folder = temporaryFolder();
  chmodSync(folder.path, 0o755);
  mkdirSync(path.join(folder.path, 'home', 'clone'), { recursive: true });
});
afterEach(() => folder.remove());

const other = { kind: 'other', name: 'nobody', uid: 2 ** 31 - 7, gid: 2 ** 31 - 7 } as const;

test('the folders on the way are named from the root down', () => {
  expect(foldersOnTheWay('/home/me/clone/postgres')).toEqual([
    '/',
    '/home',
    '/home/me',
    '/home/me/clone',
  ]);
});

describe('a file that the user of Postgres is to use', () => {
  test('below folders open to all is reachable', () => {
    const file = path.join(folder.path, 'home', 'clone', 'postgres');
    expect(() => requireReachable(file, other)).not.toThrow();
  });

  test('below a closed folder is not, and the error names that folder', () => {
    const home = path.join(folder.path, 'home');
    chmodSync(home, 0o700);
    expect(() => requireReachable(path.join(home, 'clone', 'postgres'), other)).toThrow(
      `its user "nobody" cannot enter ${home}.`,
    );
  });

  test('needs no check when Postgres runs as ourselves', () => {
    const home = path.join(folder.path, 'home');
    chmodSync(home, 0o700);
    expect(() => requireReachable(path.join(home, 'clone'), { kind: 'self' })).not.toThrow();
  });
});
