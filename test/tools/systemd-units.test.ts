import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { NODE_ENVIRONMENT, NODE_FLAGS } from '../../local/processes/node-process';
import { APP_NAMES } from '../../streams/apps';
import { UNITS_FOLDER, readSettings, readUnits } from '../../tools/systemd-units';
import { projectFolder } from '../../platform/project-folder';

const units = readUnits();

test('the units start every app once, and the edge, out of what the build makes', () => {
  const scripts = units.map(
    ({ command }) => command.find((word) => word.startsWith('dist/')) ?? '',
  );
  const sources = scripts.map((script) => script.replace(/^dist\/(.+)\.js$/, '$1.ts'));
  expect(sources.filter((file) => !existsSync(path.join(projectFolder, file)))).toEqual([]);
  expect(scripts.filter((script) => script === 'dist/edge/server.js')).toHaveLength(1);
  const apps = units.flatMap(({ command }) => {
    const flag = command.indexOf('--apps');
    return flag < 0 ? [] : (command[flag + 1] ?? '').split(',');
  });
  expect(apps.sort()).toEqual([...APP_NAMES].sort());
});

test('they start Node as npm start does', () => {
  for (const { command, variables } of units) {
    expect(command.filter((word) => /^--(?!apps)/.test(word))).toEqual([...NODE_FLAGS]);
    expect(variables).toMatchObject(NODE_ENVIRONMENT);
  }
});

test('no two units share a port, and no secret stands in the settings', () => {
  const ports = units.map(
    ({ variables }) => variables['HEALTH_PORT'] ?? readSettings()['EDGE_PORT'],
  );
  expect(new Set(ports).size).toBe(units.length);
  expect(
    Object.keys(readSettings()).filter((name) => /SECRET|PASSWORD|_URL_FILE|API_KEY$/.test(name)),
  ).toEqual([
    // It stands in every page.
    'FIREBASE_API_KEY',
  ]);
});

const hasSystemd = spawnSync('systemd-analyze', ['--version']).error === undefined;

(hasSystemd ? test : test.skip)('systemd finds nothing wrong with them', () => {
  const files = readdirSync(UNITS_FOLDER)
    .filter((file) => file.endsWith('.service'))
    .map((file) => path.join(UNITS_FOLDER, file));
  const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...files], {
    encoding: 'utf8',
  });
  // This machine may have its node elsewhere.
  const said = stderr.split('\n').filter((line) => line !== '' && !line.includes('/usr/bin/node'));
  expect(said).toEqual([]);
  if (stderr === '') expect(status).toBe(0);
});
