import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  arePatched,
  linesAdded,
  patchPackages,
} from '../../../local/bootstrap/patched-packages.cjs';
import { projectFolder } from '../../../local/stack/stack-folders';
import { temporaryFolder, type TemporaryFolder } from '../temporary-folder';

const CHANGED = 'node_modules/kafkajs/src/network/requestQueue/index.js';
/** A line of the patch that does something. */
const LINE = '    if (this.pending.length === 0) return\n';

test('what a patch adds is known by the file that it changes', () => {
  const patch =
    'diff --git a/x.js b/x.js\n--- a/x.js\n+++ b/x.js\n@@ -1 +1 @@\n-old\n+new\n same\n';
  expect(linesAdded(patch)).toEqual(new Map([['x.js', ['new']]]));
});

test('the packages that are installed are patched', () => {
  expect(arePatched(projectFolder)).toBe(true);
});

describe('packages that were installed without scripts', () => {
  let folder: TemporaryFolder;

  /** kafkajs alone, less what the patch adds to one of its files. */
  beforeEach(() => {
    folder = temporaryFolder();
    for (const place of ['patches', 'package.json', 'node_modules/kafkajs']) {
      cpSync(path.join(projectFolder, place), path.join(folder.path, place), { recursive: true });
    }
    for (const { file, text } of [...patchedFiles()]) {
      writeFileSync(path.join(folder.path, file), text);
    }
  });
  afterEach(() => folder.remove());

  test('are told from patched ones', () => {
    expect(arePatched(folder.path)).toBe(false);
  });

  test('get the patches', () => {
    symlinkSync(
      path.join(projectFolder, 'node_modules', 'patch-package'),
      path.join(folder.path, 'node_modules', 'patch-package'),
    );
    expect(patchPackages(folder.path)).toBeUndefined();
    expect(readFileSync(path.join(folder.path, CHANGED), 'utf8')).toContain(LINE);
  });

  test('that are of another version than the patches are for are not taken for patched', () => {
    writeFileSync(path.join(folder.path, CHANGED), 'another version\n');
    symlinkSync(
      path.join(projectFolder, 'node_modules', 'patch-package'),
      path.join(folder.path, 'node_modules', 'patch-package'),
    );
    expect(patchPackages(folder.path)).toContain('npm ci');
  });
});

/** Each file as the registry serves it: the patch taken back. */
function* patchedFiles(): Iterable<{ readonly file: string; readonly text: string }> {
  const patch = readFileSync(path.join(projectFolder, 'patches/kafkajs+2.2.4.patch'), 'utf8');
  for (const part of patch.split(/^(?=diff --git )/m)) {
    const file = /^\+\+\+ b\/(.+)$/m.exec(part)?.[1] ?? '';
    let text = readFileSync(path.join(projectFolder, file), 'utf8');
    for (const hunk of part.split(/^@@.*@@.*\n/m).slice(1)) {
      const lines = hunk.split('\n').filter((line) => line !== '' && !line.startsWith('\\'));
      const side = (mark: string) =>
        lines
          .filter((line) => line.startsWith(' ') || line.startsWith(mark))
          .map((line) => `${line.slice(1)}\n`)
          .join('');
      text = text.replace(side('+'), side('-'));
    }
    yield { file, text };
  }
}
