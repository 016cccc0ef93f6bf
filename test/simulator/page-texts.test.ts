import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runInNewContext } from 'node:vm';
import { projectFolder } from '../../platform/project-folder';

type Texts = Readonly<Record<string, string>>;

const folder = path.join(projectFolder, 'simulator/page');
const sources = new Map(
  readdirSync(folder)
    .filter((file) => /\.(html|js)$/.test(file))
    .map((file) => [file, readFileSync(path.join(folder, file), 'utf8')]),
);

/** A module of the browser, which this runner does not load. */
function textsOf(): Readonly<Record<'en' | 'ja' | 'zh', Texts>> {
  const source = sources.get('texts.js') ?? '';
  const made: unknown = runInNewContext(
    `${source.replace('export const TEXTS =', 'const TEXTS =')};TEXTS`,
  );
  return made as ReturnType<typeof textsOf>;
}

const { en, ja, zh } = textsOf();

function placesIn(text = ''): readonly string[] {
  return [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();
}

test.each([
  ['日本語', ja],
  ['简体中文', zh],
])('%s says all that English says, with the same values', (_name, texts) => {
  expect(Object.keys(texts).sort()).toEqual(Object.keys(en).sort());
  const otherwise = Object.keys(en).filter(
    (key) => placesIn(texts[key]).join() !== placesIn(en[key]).join(),
  );
  expect(otherwise).toEqual([]);
  expect(Object.values(texts).filter((text) => text.trim() === '')).toEqual([]);
});

test('the pages ask for texts that there are, and each text is asked for', () => {
  const all = [...sources].filter(([file]) => file !== 'texts.js').map(([, source]) => source);
  const asked = all.flatMap((source) => [
    ...[...source.matchAll(/data-(?:text|title|label)="(\w+)"/g)].map(([, key]) => key ?? ''),
    ...[...source.matchAll(/\b(?:text|sayPage)\(([^)]*)/g)].flatMap(([, inside = '']) =>
      [...inside.matchAll(/'(\w+)'/g)].map(([, key]) => key ?? ''),
    ),
  ]);
  expect(asked.length).toBeGreaterThan(80);
  // Some are codes of PayPay that are compared with, or parts of a condition.
  const codes = new Set(['deleted', 'expired']);
  expect(asked.filter((key) => !Object.hasOwn(en, key) && !codes.has(key))).toEqual([]);
  const words = all.join('\n');
  expect(Object.keys(en).filter((key) => !new RegExp(`['"]${key}['"]`).test(words))).toEqual([]);
});

test('no words stand in the pages themselves but codes and names', () => {
  const html = [sources.get('index.html'), sources.get('checkout.html')].join('\n');
  const body = html.replaceAll(/<head>[\s\S]*?<\/head>/g, '');
  const words = [...body.matchAll(/>([^<]*\p{L}{2,}[^<]*)</gu)].map(([, text]) => text?.trim());
  const codes = ['COMPLETED', 'AUTHORIZED', 'FAILED', 'CANCELED', 'EXPIRED', 'PayPay', 'simulator'];
  expect(words.filter((text) => !codes.includes(text ?? ''))).toEqual([]);
});
