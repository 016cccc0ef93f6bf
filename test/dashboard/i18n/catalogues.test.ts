import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { en } from '../../../dashboard/i18n/en';
import { ja } from '../../../dashboard/i18n/ja';
import { zh } from '../../../dashboard/i18n/zh';

type Tree = { readonly [name: string]: string | Tree };

/** alerts.page.expected -> its text */
function textsOf(tree: Tree, prefix = ''): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([name, below]): (readonly [string, string])[] =>
      typeof below === 'string'
        ? [[`${prefix}${name}`, below]]
        : [...textsOf(below, `${prefix}${name}.`)],
    ),
  );
}

/** The names of the values in a text; each once, since another language may say one twice. */
function valuesIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ''))].sort();
}

const english = textsOf(en);
const others = [
  ['日本語', textsOf(ja)],
  ['简体中文', textsOf(zh)],
] as const;

describe.each(others)('the catalogue of %s', (_language, texts) => {
  test('has the same keys as the English one', () => {
    expect([...texts.keys()].sort()).toEqual([...english.keys()].sort());
  });

  test('has the same values in each text', () => {
    const missing = [...texts].filter(([key, text]) => {
      // A language without a plural says the number where English says "one".
      const wanted = valuesIn((english.get(key) ?? '').split('|').at(-1) ?? '');
      return valuesIn(text).join() !== wanted.join();
    });
    expect(missing).toEqual([]);
  });

  test('has no empty text, and none that English has with words of its own', () => {
    const wordy = [...texts].filter(
      ([key, text]) => text === english.get(key) && /[a-z]{3,} [a-z]{3,}/i.test(text),
    );
    expect(wordy.map(([key]) => key)).toEqual(['common.product']);
    expect([...texts].filter(([, text]) => text === '')).toEqual([]);
  });
});

test('no language is written with the letters of another one', () => {
  const kana = [...textsOf(zh)].filter(([, text]) => /[\u3040-\u30ff]/.test(text));
  expect(kana).toEqual([]);
});

test('every text is said somewhere', () => {
  const folder = path.join(__dirname, '../../../dashboard');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(vue|ts)$/.test(file) && !file.startsWith('i18n'))
    .map((file) => readFileSync(path.join(folder, file), 'utf8'))
    .join('\n');
  const whole = new Set([...sources.matchAll(/'([a-z]\w*(?:\.\w+)+)'/g)].map(([, key]) => key));
  // Of a key that is put together, what is put in is one name.
  const composed = [...sources.matchAll(/`([a-z]\w*\.[\w.]*(?:\$\{[^`]+?\}\w*)+)`/g)].map(
    ([, key = '']) =>
      new RegExp(`^${key.replaceAll('.', '\\.').replaceAll(/\$\{.+?\}(?=\w*$|\.|\$)/g, '\\w+')}$`),
  );
  const unsaid = [...english.keys()].filter(
    (key) =>
      // Known by what they say, not by their keys.
      !key.startsWith('server.') &&
      !whole.has(key) &&
      !composed.some((pattern) => pattern.test(key)),
  );
  expect(unsaid).toEqual([]);
});
