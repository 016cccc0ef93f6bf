/** What the units of deploy/systemd/ start, and with which variables, as systemd would read them. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectFolder } from '../local/stack/stack-folders';

export interface Unit {
  readonly name: string;
  /** Of ExecStart: the program, then its arguments. */
  readonly command: readonly string[];
  /** Of `Environment=`, all lines of it. */
  readonly variables: Readonly<Record<string, string>>;
  /** Of `LoadCredential=`: what systemd puts below %d. */
  readonly credentials: readonly string[];
}

export const UNITS_FOLDER = path.join(projectFolder, 'deploy', 'systemd');

export function readUnits(): readonly Unit[] {
  return readdirSync(UNITS_FOLDER)
    .filter((file) => file.endsWith('.service'))
    .sort()
    .map((file) => unitOf(path.basename(file, '.service'), read(file)));
}

/** Of settings.env, comments left out. */
export function readSettings(): Readonly<Record<string, string>> {
  return assignments(
    read('settings.env')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#')),
  );
}

function read(file: string): string {
  return readFileSync(path.join(UNITS_FOLDER, file), 'utf8');
}

function unitOf(name: string, text: string): Unit {
  const valuesOf = (key: string) =>
    [...text.matchAll(new RegExp(`^${key}=(.+)$`, 'gm'))].map(([, value = '']) => value);
  return {
    name,
    command: valuesOf('ExecStart').flatMap((line) => line.split(' ')),
    variables: assignments(valuesOf('Environment').flatMap((line) => line.split(' '))),
    credentials: valuesOf('LoadCredential').map((line) => line.split(':')[0] ?? ''),
  };
}

function assignments(lines: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', ...rest] = line.split('=');
      return [name, rest.join('=')];
    }),
  );
}
