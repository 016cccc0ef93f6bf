/**
 * Owns the question whether the packages carry what patches/ changes in them, and the repair: an
 * install with `--ignore-scripts` leaves them as the registry serves them. A patch counts as applied
 * when every line that it adds stands in its file; its own marks are among those lines.
 */
'use strict';

const { spawnSync } = require('node:child_process');
const { readFileSync, readdirSync } = require('node:fs');
const path = require('node:path');

/**
 * What a patch adds, by the file that it changes.
 * @param {string} patch in the format of `git diff`
 * @returns {Map<string, string[]>}
 */
function linesAdded(patch) {
  const files = new Map();
  let added = [];
  for (const line of patch.split('\n')) {
    if (line.startsWith('+++ b/')) {
      added = [];
      files.set(line.slice('+++ b/'.length), added);
    } else if (line.startsWith('+')) added.push(line.slice(1));
  }
  return files;
}

/**
 * @param {string} root the folder of package.json
 * @returns {boolean}
 */
function arePatched(root) {
  const folder = path.join(root, 'patches');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.patch'))
    .flatMap((name) => [...linesAdded(readFileSync(path.join(folder, name), 'utf8'))])
    .every(([file, added]) => {
      const lines = new Set(readFileSync(path.join(root, file), 'utf8').split('\n'));
      return added.every((line) => lines.has(line));
    });
}

/**
 * What `npm ci` does last, unless it is told to run no scripts.
 * @param {string} root the folder of package.json
 * @returns {string | undefined} what went wrong, or nothing
 */
function patchPackages(root) {
  const command = path.join(root, 'node_modules', 'patch-package', 'index.js');
  const run = spawnSync(process.execPath, [command, '--error-on-fail'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (run.status === 0 && arePatched(root)) return undefined;
  return `The patches in patches/ cannot be applied; run "npm ci".\n${run.stdout}${run.stderr}`;
}

module.exports = { arePatched, linesAdded, patchPackages };
