/** The README says the same in three languages: what can be counted of it is equal. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectFolder } from '../../platform/project-folder';
import { commandsIn } from '../../tools/documented-commands';

const FILES = ['README.md', 'README.ja.md', 'README.zh-CN.md'];

const read = (file: string) => readFileSync(path.join(projectFolder, file), 'utf8');
const matches = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, found = '']) => found);
const counted = (values: readonly string[]) => [...values].sort();

const BLOCK = /^```(\w*)\n(.*?)^```$/gms;

/** Of each table the folders that its rows are about; the row below the pictures is about none. */
function tables(text: string): readonly (readonly string[])[] {
  return text
    .split(/\n(?!\|)/)
    .map((part) => part.split('\n').filter((line) => line.startsWith('|')))
    .filter((rows) => rows.length > 0)
    .map((rows) => rows.slice(2).map((row) => /^\| (`[^`]+`)/.exec(row)?.[1] ?? ''));
}

/** Sorted where a sentence of another language may want another order. */
function contentOf(file: string) {
  const text = read(file);
  const prose = text.replaceAll(BLOCK, '');
  const links = matches(prose, /\]\(([^)]+)\)/g).filter((target) => !FILES.includes(target));
  return {
    headings: matches(prose, /^(#+) /gm),
    commands: counted([...new Set(commandsIn(text))]),
    // The picture is the one block that is no shell's.
    pictures: [...text.matchAll(BLOCK)]
      .filter(([, language]) => language === '')
      .map(([all]) => all),
    links: counted(links),
    code: counted([...new Set(matches(prose, /`([^`\n]+)`/g))]),
    tables: tables(prose),
    items: matches(prose, /^(-) /gm),
    paragraphs: prose.split(/\n{2,}/).length,
  };
}

const english = contentOf('README.md');

test('there is something to compare', () => {
  expect(english.commands.length).toBeGreaterThan(25);
  expect(english.links.length).toBeGreaterThan(25);
  expect(english.tables.map((rows) => rows.length)).toHaveLength(5);
});

test.each(['README.ja.md', 'README.zh-CN.md'])('%s has what README.md has', (file) => {
  expect(contentOf(file)).toEqual(english);
});

test.each(FILES)('%s links to the other languages', (file) => {
  const [head = ''] = read(file).split(/^## /m);
  const linked = matches(head, /\]\((README[^)]*)\)/g);
  expect(linked).toEqual(FILES.filter((each) => each !== file));
});
