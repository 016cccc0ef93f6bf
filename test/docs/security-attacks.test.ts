/** The list of attacks names tests that are there. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const REPOSITORY = path.join(__dirname, '../..');
const read = (file: string) => readFileSync(path.join(REPOSITORY, file), 'utf8');

test('every attack on the list has the test that it names', () => {
  const rows = read('docs/security-attacks.md')
    .split('\n')
    .filter((line) => line.includes('.test.ts`'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  expect(rows.length).toBeGreaterThan(25);
  const missing = rows.filter(([, , , file = '', name = '']) => {
    const source = file.replaceAll('`', '');
    return (
      name === '' || !existsSync(path.join(REPOSITORY, source)) || !read(source).includes(name)
    );
  });
  expect(missing.map(([, attack]) => attack)).toEqual([]);
});
