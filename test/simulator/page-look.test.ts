import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectFolder } from '../../platform/project-folder';

test('the simulator’s page has the colours and sizes of the dashboard', () => {
  const read = (file: string) => readFileSync(path.join(projectFolder, file), 'utf8');
  expect(read('simulator/page/tokens.css')).toBe(read('dashboard/design/tokens.css'));
});

test('a colour in its style is one of those', () => {
  const style = readFileSync(path.join(projectFolder, 'simulator/page/style.css'), 'utf8');
  const tokens = readFileSync(path.join(projectFolder, 'simulator/page/tokens.css'), 'utf8');
  const used = [...style.matchAll(/var\((--[a-z0-9-]+)\)/g)].map(([, name]) => name ?? '');
  expect(used.length).toBeGreaterThan(20);
  expect(used.filter((name) => !tokens.includes(`${name}:`))).toEqual([]);
});
