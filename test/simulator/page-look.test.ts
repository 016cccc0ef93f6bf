import { readFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../platform/clock';
import { projectFolder } from '../../platform/project-folder';
import { buildSimulator } from '../../simulator/app';
import { simulatorOptions } from './running-simulator';

test('the simulator’s page has the colours and sizes of the dashboard', async () => {
  const tokens = readFileSync(path.join(projectFolder, 'platform/design/tokens.css'), 'utf8');
  const app = buildSimulator(simulatorOptions(systemClock, 'http://127.0.0.1:9/webhooks'));
  expect((await app.inject({ url: '/tokens.css' })).body).toBe(tokens);
  await app.close();
});

test('a colour in its style is one of those', () => {
  const style = readFileSync(path.join(projectFolder, 'simulator/page/style.css'), 'utf8');
  const tokens = readFileSync(path.join(projectFolder, 'platform/design/tokens.css'), 'utf8');
  const used = [...style.matchAll(/var\((--[a-z0-9-]+)\)/g)].map(([, name]) => name ?? '');
  expect(used.length).toBeGreaterThan(20);
  expect(used.filter((name) => !tokens.includes(`${name}:`))).toEqual([]);
});
