import { readFileSync } from 'node:fs';
import path from 'node:path';
import { validate } from 'dockerfile-utils';
import { NODE_ENVIRONMENT, NODE_FLAGS } from '../../local/processes/node-process';
import { projectFolder } from '../../local/stack/stack-folders';

const read = (file: string) => readFileSync(path.join(projectFolder, file), 'utf8');

describe.each(['Dockerfile', 'local/services/firebase/Dockerfile'])('%s', (file) => {
  test('has nothing that a linter objects to', () => {
    expect(validate(read(file)).map(({ message }) => message)).toEqual([]);
    expect(validate('FROM a:1\nMAINTAINER b\n')).not.toEqual([]);
  });

  test('runs as an ordinary user, named by number', () => {
    expect(read(file)).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m);
  });
});

test('nothing that git ignores is sent to the image build', () => {
  const lines = (file: string) => read(file).split('\n');
  const paths = lines('.gitignore').filter((line) => line !== '' && !/[#*]/.test(line));
  const ignored = new Set(lines('.dockerignore').map((line) => line.replace('**/', '')));
  expect(paths.filter((folder) => !ignored.has(folder.replace(/\/$/, '')))).toEqual([]);
});

test('the image starts Node as npm start does', () => {
  const entrypoint = JSON.stringify(['node', ...NODE_FLAGS]).replaceAll(',', ', ');
  expect(read('Dockerfile')).toContain(`\nENTRYPOINT ${entrypoint}\n`);
  for (const [name, value] of Object.entries(NODE_ENVIRONMENT)) {
    expect(read('Dockerfile')).toContain(`  ${name}=${value} \\\n`);
  }
});
