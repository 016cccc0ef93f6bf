/**
 * Owns where the project lies. The same file runs as a source and compiled, one folder deeper in
 * dist/; package.json stands at the project's own root only, so the nearest one tells.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';

export const projectFolder = nearestWith('package.json', __dirname);

/** What `npm run build` makes: the compiled processes, what they read, and the dashboard. */
export const buildFolder = path.join(projectFolder, 'dist');

function nearestWith(name: string, folder: string): string {
  if (existsSync(path.join(folder, name))) return folder;
  const parent = path.dirname(folder);
  if (parent === folder) throw new Error(`${name} is in no folder above ${__dirname}`);
  return nearestWith(name, parent);
}
