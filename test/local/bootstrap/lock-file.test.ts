/**
 * What `npm ci` refuses, or would do otherwise elsewhere, found without an install: a lock file that
 * npm wrote where a registry lacked the packages of some other system lacks them for everybody.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectFolder } from '../../../local/stack/stack-folders';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly bundleDependencies?: readonly string[];
  readonly inBundle?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
}

type Packages = Readonly<Record<string, Locked>>;

const SYSTEMS = ['linux', 'darwin', 'win32'].flatMap((os) =>
  ['x64', 'arm64'].map((cpu) => ({ os, cpu })),
);

/** Whose binary is a package of its own for each system, all six of them. */
const WITH_BINARIES = ['@swc/core', 'esbuild', 'rollup', 'vite/node_modules/esbuild'];

function packagesOf(folder: string): Packages {
  const file = path.join(projectFolder, folder, 'package-lock.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly packages: Packages }).packages;
}

/** As Node looks for it: in the package's own node_modules, then in those around it. */
function found(packages: Packages, from: string, name: string): boolean {
  if (packages[`${from === '' ? '' : `${from}/`}node_modules/${name}`] !== undefined) return true;
  if (from === '') return false;
  return found(packages, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name);
}

describe.each(['.', 'local/services/firebase'])('package-lock.json of %s', (folder) => {
  const packages = packagesOf(folder);
  const installed = Object.entries(packages).filter(([place]) => place !== '');

  test('has every package that another one asks for, those for other systems among them', () => {
    const missing = Object.entries(packages).flatMap(([place, entry]) =>
      Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
        .filter((name) => !found(packages, place, name))
        .map((name) => `${name}, for ${place}`),
    );
    expect(missing).toEqual([]);
  });

  test('knows the contents of every package, and no registry to have it from', () => {
    const unknown = installed.filter(([, { integrity, inBundle }]) => !integrity && !inBundle);
    expect(unknown).toEqual([]);
    expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });
});

test.each(WITH_BINARIES)(
  '%s has a binary for Linux, macOS and Windows on both processors',
  (name) => {
    const packages = packagesOf('.');
    const place = `node_modules/${name}`;
    const around = place.slice(0, place.lastIndexOf('node_modules/'));
    const names = Object.keys(packages[place]?.optionalDependencies ?? {});
    const binaries = names.map((binary) => packages[`${around}node_modules/${binary}`] ?? {});
    for (const { os, cpu } of SYSTEMS) {
      expect(binaries.some((each) => each.os?.includes(os) && each.cpu?.includes(cpu))).toBe(true);
    }
  },
);
