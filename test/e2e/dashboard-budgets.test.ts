/** What the built page may weigh: the script of a first load, compressed as servers do it. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import budgets from '../../dashboard/budgets.json';
import { projectFolder } from '../../local/stack/stack-folders';

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly isEntry?: boolean;
}

const built = path.join(projectFolder, 'dist', 'dashboard');
const manifestFile = path.join(built, '.vite', 'manifest.json');

function manifest(): ReadonlyMap<string, Chunk> {
  if (!existsSync(manifestFile)) throw new Error('There is no build: npm run build');
  return new Map(
    Object.entries(JSON.parse(readFileSync(manifestFile, 'utf8')) as object),
  ) as ReadonlyMap<string, Chunk>;
}

/** The files of these chunks and of all that they import at once. */
function filesOf(chunks: ReadonlyMap<string, Chunk>, names: readonly string[]): Set<string> {
  const files = new Set<string>();
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const chunk = chunks.get(name);
    if (seen.has(name) || chunk === undefined) return;
    seen.add(name);
    if (chunk.file.endsWith('.js')) files.add(chunk.file);
    chunk.imports?.forEach(visit);
  };
  names.forEach(visit);
  return files;
}

function compressedBytes(files: ReadonlySet<string>): number {
  const sizes = [...files].map((file) => gzipSync(readFileSync(path.join(built, file))).length);
  return sizes.reduce((sum, size) => sum + size, 0);
}

test.each([
  ['an operator in 日本語', 'alerts/alerts-page.vue', 'i18n/ja/index.ts'],
  ['an operator with an alert in 简体中文', 'alerts/alert-detail.vue', 'i18n/zh/index.ts'],
  ['a shopper in English', 'shop/shop-page.vue', 'i18n/en/index.ts'],
])('the first load of %s is within the budget', (_who, page, texts) => {
  const chunks = manifest();
  const entry = [...chunks].find(([, { isEntry }]) => isEntry === true)?.[0];
  if (entry === undefined || !chunks.has(page)) throw new Error(`the build has no ${page}`);
  const bytes = compressedBytes(filesOf(chunks, [entry, page, texts]));
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThanOrEqual(budgets.firstLoadScriptBytesMax);
});
