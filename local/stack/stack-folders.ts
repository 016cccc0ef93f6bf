/**
 * Owns where a stack keeps things. All of it lies in the git-ignored `var/`: one folder of data,
 * logs and pid files per stack (so that a test run beside `npm start` has its own), and one cache
 * of downloaded programs per clone.
 */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { projectFolder } from '../../platform/project-folder';

export { projectFolder };

export interface StackFolders {
  readonly root: string;
  /** One folder per service; `--fresh` empties it. */
  readonly data: string;
  readonly log: string;
  /** Pid files and the lock. */
  readonly run: string;
  readonly cache: string;
}

export function stackFolders(varFolder: string): StackFolders {
  const root = path.resolve(varFolder);
  return {
    root,
    data: path.join(root, 'data'),
    log: path.join(root, 'log'),
    run: path.join(root, 'run'),
    cache: path.join(projectFolder, 'var', 'cache'),
  };
}

export function makeFolders(folders: StackFolders): void {
  for (const folder of [folders.data, folders.log, folders.run, folders.cache]) {
    mkdirSync(folder, { recursive: true });
  }
}

/** Only after the lock is held and orphans are stopped: a live service would write on. */
export function wipeData(folders: StackFolders): void {
  rmSync(folders.data, { recursive: true, force: true });
  mkdirSync(folders.data, { recursive: true });
}
