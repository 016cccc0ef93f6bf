/**
 * Owns dist/, less the dashboard in it: the scripts of local/processes/node-process.ts and whatever
 * they import, compiled file by file with source maps, and the files that they read at run time.
 *
 * Always true:
 * - A folder in dist/ lies as its source does, so that a path from __dirname leads to the same file.
 * - Every file is replaced whole, and only when it differs: a process that starts meanwhile reads
 *   the old or the new one.
 * - The list of sources is written last. A build that was cut off does not count as made.
 *
 * Types are not looked at: that is what `npm run types` is for, and it takes twenty times as long.
 */
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { build, version, type BuildOptions, type OutputFile } from 'esbuild';
import { buildFolder, projectFolder } from '../../platform/project-folder';
import { PROCESS_SCRIPTS } from '../processes/node-process';
import { StackError } from '../stack/stack-error';
import { takeTurn } from '../stack/turn';

/** What the dist/ that is there was made of. */
interface Made {
  readonly compiler: string;
  readonly scripts: readonly string[];
  /** By path from the project's folder: what tells one state of the file from another. */
  readonly sources: Readonly<Record<string, string>>;
}

const record = path.join(buildFolder, '.sources.json');
/** In dist/, but not from here. */
const NOT_OURS = ['dashboard'];
/** Folders with files that a process reads by their place. */
const ROOMS = ['platform', 'schemas', 'topics', 'streams', 'edge', 'simulator'];

/** Resolves to whether anything had to be built. */
export async function buildProcesses(
  report: (detail: string) => void,
  abandon: AbortSignal = new AbortController().signal,
): Promise<boolean> {
  if (isCurrent()) return false;
  mkdirSync(buildFolder, { recursive: true });
  const release = await takeTurn(path.join(buildFolder, '.turn'), report, abandon);
  try {
    if (isCurrent()) return false;
    report('building');
    await make();
    return true;
  } finally {
    release();
  }
}

async function make(): Promise<void> {
  rmSync(record, { force: true });
  const read = filesRead();
  const code = await reachedFrom(PROCESS_SCRIPTS.map((script) => `${script}.ts`));
  // Before they are compiled: what is changed meanwhile is then older here than on disk.
  const sources = Object.fromEntries([...code, ...read].map((file) => [file, stateOf(file)]));
  const written = [
    ...(await compiled(code)).map(({ path: file, contents }) => replace(file, contents)),
    ...read.map((file) => replace(path.join(buildFolder, file), readFileSync(absolute(file)))),
  ];
  dropOthers(new Set(written));
  const made: Made = { compiler: version, scripts: PROCESS_SCRIPTS, sources };
  replace(record, Buffer.from(JSON.stringify(made)));
}

function isCurrent(): boolean {
  if (!existsSync(record)) return false;
  const { compiler, scripts, sources } = JSON.parse(readFileSync(record, 'utf8')) as Made;
  return (
    compiler === version &&
    scripts.join() === PROCESS_SCRIPTS.join() &&
    // A new source is imported by one that changed; a new file that is read is only found so.
    filesRead().every((file) => sources[file] !== undefined) &&
    Object.entries(sources).every(([file, state]) => stateOf(file) === state)
  );
}

function stateOf(file: string): string {
  const found = statSync(absolute(file), { throwIfNoEntry: false });
  return found === undefined ? 'absent' : `${String(found.size)} ${String(found.mtimeMs)}`;
}

function absolute(file: string): string {
  return path.join(projectFolder, file);
}

/** Schemas, migrations, and the simulator's page. */
function filesRead(): readonly string[] {
  return ROOMS.flatMap((room) => filesBelow(absolute(room)).map((file) => path.join(room, file)))
    .filter((file) => /\.(avsc|sql|css)$/.test(file) || file.startsWith('simulator/page/'))
    .sort();
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.relative(folder, path.join(parentPath, name)));
}

const OPTIONS = {
  absWorkingDir: projectFolder,
  outdir: buildFolder,
  outbase: projectFolder,
  platform: 'node',
  format: 'cjs',
  target: 'node20.11',
  write: false,
  // Both take what they are told here, not what tsconfig.json says for the whole tree.
  tsconfigRaw: {},
  logLevel: 'error',
} as const satisfies BuildOptions;

/** The sources that the scripts import, themselves included, by path from the project's folder. */
async function reachedFrom(entryPoints: readonly string[]): Promise<readonly string[]> {
  const { metafile } = await tried(() =>
    build({
      ...OPTIONS,
      entryPoints: [...entryPoints],
      bundle: true,
      packages: 'external',
      metafile: true,
    }),
  );
  return Object.keys(metafile.inputs).sort();
}

/** Without bundling: a module a file, as the sources are, so that a trace reads the same. */
async function compiled(sources: readonly string[]): Promise<readonly OutputFile[]> {
  const { outputFiles } = await tried(() =>
    build({
      ...OPTIONS,
      entryPoints: [...sources],
      sourcemap: 'linked',
      // The names and lines are wanted; who has no sources at hand has the repository.
      sourcesContent: false,
    }),
  );
  return outputFiles;
}

async function tried<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    // esbuild has said what and where on standard error.
    const reason = error instanceof Error ? error.message : String(error);
    throw new StackError('BUILD_FAILED', `The processes do not compile: ${reason}`);
  }
}

function replace(file: string, contents: Uint8Array): string {
  if (existsSync(file) && readFileSync(file).equals(contents)) return file;
  mkdirSync(path.dirname(file), { recursive: true });
  const aside = `${file}.${String(process.pid)}`;
  writeFileSync(aside, contents);
  renameSync(aside, file);
  return file;
}

/** What a source that is gone left behind. */
function dropOthers(kept: ReadonlySet<string>): void {
  for (const file of filesBelow(buildFolder)) {
    const [room = '', ...below] = file.split(path.sep);
    const ours = below.length > 0 && !NOT_OURS.includes(room);
    if (ours && !kept.has(path.join(buildFolder, file))) rmSync(path.join(buildFolder, file));
  }
}
