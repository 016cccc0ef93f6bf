/** What the READMEs name is there, and what is there they name. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { APP_NAMES } from '../../streams/apps';
import { documentedCommands } from '../../tools/documented-commands';

const REPOSITORY = path.join(__dirname, '../..');

/** Installed, generated or written by a running stack. */
const NOT_OURS = new Set(['node_modules', 'var', 'generated', 'dist', 'target', 'coverage']);

const read = (file: string) => readFileSync(path.join(REPOSITORY, file), 'utf8');

function foldersIn(folder: string): readonly string[] {
  return readdirSync(path.join(REPOSITORY, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .filter(({ name }) => !NOT_OURS.has(name))
    .map(({ name }) => path.join(folder, name));
}

test('every folder, and every folder in it, has a line in the README', () => {
  const first = foldersIn('.');
  // Tests mirror the sources: their folders are the sources' own.
  const second = first.filter((folder) => folder !== 'test').flatMap(foldersIn);
  const named = new Set([...read('README.md').matchAll(/^\| `([^`]+)\/`/gm)].map(([, it]) => it));
  expect([...first, ...second].filter((folder) => !named.has(folder))).toEqual([]);
});

test('every decision stands in the list of decisions', () => {
  const files = readdirSync(path.join(REPOSITORY, 'docs/decisions'));
  const list = read('docs/decisions/README.md');
  expect(files.filter((file) => file !== 'README.md' && !list.includes(`(${file})`))).toEqual([]);
});

test.each([
  'README.md',
  'README.ja.md',
  'README.zh-CN.md',
  'CONTRIBUTING.md',
  'docs/dependencies.md',
  'docs/deployment.md',
  'docs/kcat.md',
  'docs/runbooks/alerts.md',
  'docs/runbooks/local.md',
  'docs/security.md',
  'docs/troubleshooting.md',
  'deploy/README.md',
  'observability/README.md',
  'docs/architecture/README.md',
  'docs/architecture/add-a-rule.md',
  'docs/architecture/add-a-participant.md',
  'docs/architecture/add-a-payment-provider.md',
])('%s links to what is there', (file) => {
  const links = [...read(file).matchAll(/\]\(([^):#]+)\)/g)].map(([, target = '']) => target);
  const missing = links.filter(
    (target) => !existsSync(path.join(REPOSITORY, path.dirname(file), target)),
  );
  expect(missing).toEqual([]);
});

test('the overview for draw.io has every app, and each of its arrows two ends', () => {
  const xml = read('docs/architecture/overview.drawio');
  const ids = [...xml.matchAll(/<mxCell id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining([...APP_NAMES, 'edge', 'kafka', 'postgres', 'redis']));
  const ends = [...xml.matchAll(/(?:source|target)="([^"]+)"/g)].map(([, id]) => id);
  expect(ends.filter((id) => !ids.includes(id))).toEqual([]);
});

test('every command that the documents call is one of package.json', () => {
  const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: object };
  const called = documentedCommands().flatMap(({ command }) => [
    ...command.matchAll(/npm run (?:-s |--silent )?([a-z][\w:-]*)/g),
  ]);
  const unknown = called.map(([, name = '']) => name).filter((name) => !(name in scripts));
  expect(called.length).toBeGreaterThan(50);
  expect(unknown).toEqual([]);
});

test("every file on one order's way is there", () => {
  const [, way = ''] = read('docs/architecture/README.md').split("## One order's way");
  const files = [...way.matchAll(/`([\w/-]+\.ts)`/g)].map(([, file = '']) => file);
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((file) => !existsSync(path.join(REPOSITORY, file)))).toEqual([]);
});

test('every dependency has its line, and no line is of another package', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as {
    readonly dependencies: Readonly<Record<string, string>>;
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  const [, production = '', development = ''] = read('docs/dependencies.md').split(/^## What /m);
  const named = (part: string) => [...part.matchAll(/^\| `([^`]+)` +\|/gm)].map(([, name]) => name);
  expect(named(production)).toEqual(Object.keys(dependencies).sort());
  const [builds = ''] = development.split(/^## /m);
  expect(named(builds)).toEqual(Object.keys(devDependencies).sort());
});
