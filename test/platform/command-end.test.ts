import { spawn } from 'node:child_process';
import path from 'node:path';
import { projectFolder } from '../../platform/project-folder';

const LINES = 5_000;
const LINE = 'a line that is as long as a record of a topic, more or less '.repeat(10);

/** More than a pipe holds, for a reader who begins late. */
const program = `
  const { endCommand } = require("./platform/command-end.ts");
  for (let n = 0; n < ${String(LINES)}; n += 1) console.log(${JSON.stringify(LINE)});
  endCommand(3);
`;

test('all that a command printed is read, however late, and then its status', async () => {
  const args = ['--import', 'tsx', '--eval', program];
  const command = [process.execPath, ...args.map((arg) => `'${arg}'`)].join(' ');
  const child = spawn('bash', ['-o', 'pipefail', '-c', `${command} | (sleep 1; wc -l)`], {
    cwd: path.join(projectFolder),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (part: Buffer) => (said += part.toString('utf8')));
  const status = await new Promise((resolve) => child.once('close', resolve));
  expect({ status, lines: Number(said) }).toEqual({ status: 3, lines: LINES });
});
