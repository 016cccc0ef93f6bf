/**
 * The runtime as a package of its own: what streams/runtime/index.ts reaches, compiled, with its
 * declarations, its record, its README and licence. What always holds: it depends on what its files
 * import and on nothing else, in the versions of this project; a dependency that is patched here
 * travels inside, patched, since nobody else would patch it.
 */
import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const PACKAGE_NAME = 'order-streams-runtime';
const ENTRY = 'streams/runtime/index';
const root = path.join(__dirname, '..');
const run = promisify(execFile);

export interface RootPackage {
  readonly version: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Gives the path of the tarball in `outFolder`. Rejects when something does not compile. */
export async function packRuntime(outFolder: string): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'runtime-package-'));
  try {
    await compile(folder);
    copySchemas(folder);
    cpSync(path.join(root, 'streams/runtime/README.md'), path.join(folder, 'README.md'));
    cpSync(path.join(root, 'LICENSE'), path.join(folder, 'LICENSE'));
    const patched = patchedPackages(readdirSync(path.join(root, 'patches')));
    const manifest = manifestOf(readRootPackage(), importsBelow(folder), patched);
    for (const name of manifest.bundleDependencies) {
      const place = path.join('node_modules', name);
      cpSync(path.join(root, place), path.join(folder, place), { recursive: true });
    }
    writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    mkdirSync(outFolder, { recursive: true });
    const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', outFolder], {
      cwd: folder,
    });
    return path.join(outFolder, stdout.trim());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Throws on an import that is no dependency of this project. */
export function manifestOf(
  { version, license, engines, dependencies }: RootPackage,
  imported: ReadonlySet<string>,
  patched: ReadonlySet<string>,
) {
  const names = [...imported].sort();
  const unknown = names.find((name) => dependencies[name] === undefined);
  if (unknown !== undefined)
    throw new Error(`the runtime imports ${unknown}, which package.json has not`);
  return {
    name: PACKAGE_NAME,
    version,
    description:
      'Kafka-native stream processing for Node: exactly-once, RocksDB state, log-time timers.',
    license,
    engines,
    main: `./${ENTRY}.js`,
    types: `./${ENTRY}.d.ts`,
    exports: {
      '.': { types: `./${ENTRY}.d.ts`, default: `./${ENTRY}.js` },
      './package.json': './package.json',
    },
    files: ['platform', 'streams'],
    dependencies: Object.fromEntries(names.map((name) => [name, dependencies[name] ?? ''])),
    bundleDependencies: names.filter((name) => patched.has(name)),
  };
}

/** The packages that a compiled file or its declarations import; Node's own are left out. */
export function importsOf(text: string): readonly string[] {
  const specifiers = text.matchAll(/(?:\bfrom |\brequire\(|\bimport\()['"]([^'"]+)['"]/g);
  return [...specifiers].flatMap(([, specifier = '']) => {
    if (specifier.startsWith('.') || specifier.startsWith('node:')) return [];
    const [scope = '', name = ''] = specifier.split('/');
    const found = scope.startsWith('@') ? `${scope}/${name}` : scope;
    return builtinModules.includes(found) ? [] : [found];
  });
}

/** From the names of patch-package's files: `@scope+name+1.2.3.patch`. */
export function patchedPackages(files: readonly string[]): ReadonlySet<string> {
  return new Set(files.map((file) => file.split('+').slice(0, -1).join('/')));
}

async function compile(folder: string): Promise<void> {
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  const project = path.join(root, 'streams/runtime/tsconfig.package.json');
  try {
    await run(process.execPath, [tsc, '-p', project, '--outDir', folder], { cwd: root });
  } catch (error) {
    // tsc says what is wrong on standard output.
    const { stdout = '' } = error as { readonly stdout?: string };
    throw new Error(`the runtime does not compile\n${stdout}`, { cause: error });
  }
}

/** The records that the runtime itself writes; `readRecordTypes` finds them beside its code. */
function copySchemas(folder: string): void {
  const schemas = filesBelow(path.join(root, 'platform')).filter((file) => file.endsWith('.avsc'));
  for (const file of schemas) {
    const place = path.join('platform', file);
    cpSync(path.join(root, place), path.join(folder, place));
  }
}

function importsBelow(folder: string): ReadonlySet<string> {
  const code = filesBelow(folder).filter((file) => /\.(js|d\.ts)$/.test(file));
  return new Set(code.flatMap((file) => importsOf(readFileSync(path.join(folder, file), 'utf8'))));
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' });
}

function readRootPackage(): RootPackage {
  return JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as RootPackage;
}
