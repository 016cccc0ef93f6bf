import { spawn } from 'node:child_process';
import path from 'node:path';
import { projectFolder } from '../../platform/project-folder';

const LINES = 5_000;
const LINE = 'a line that is as long as a record of a topic, more or less '.repeat(10);

/** More than a pipe holds, for a reader who begins late. */
const program = (end: string) => `
  const { endCommand, endWithReader } = require("./platform/command-end.ts");
  const { runCommand } = require("./local/processes/command-runner.ts");
  const say = () => {
    for (let n = 0; n < ${String(LINES)}; n += 1) console.log(${JSON.stringify(LINE)});
  };
  ${end}
`;

/** The status of the command, and what its reader said. */
function readBy(reader: string, end: string) {
  const args = ['--import', 'tsx', '--eval', program(end)];
  const command = [process.execPath, ...args.map((arg) => `'${arg}'`)].join(' ');
  const line = `${command} | ${reader}; exit "\${PIPESTATUS[0]}"`;
  const child = spawn('bash', ['-c', line], {
    cwd: path.join(projectFolder),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (part: Buffer) => (said += part.toString('utf8')));
  return new Promise<{ status: number; said: string }>((resolve) =>
    child.once('close', (status: number) => resolve({ status, said: said.trim() })),
  );
}

const LATE = '(sleep 1; wc -l)';

test.each([
  ['ends by itself', 'say(); endCommand(3);'],
  ['is run to its status', 'runCommand(async () => { say(); return 3; });'],
])('all that a command printed is read, however late, when it %s', async (_how, end) => {
  expect(await readBy(LATE, end)).toEqual({ status: 3, said: String(LINES) });
});

test('what was printed before a failure is read as well', async () => {
  const end = 'runCommand(async () => { say(); throw new Error("seen in vain"); });';
  expect(await readBy(LATE, `console.error = () => undefined; ${end}`)).toEqual({
    ...{ status: 1, said: String(LINES) },
  });
});

test('a command that only reads ends well when its reader stops early', async () => {
  const { status, said } = await readBy('head -1', 'endWithReader(); say(); endCommand(0);');
  expect({ status, said }).toEqual({ status: 0, said: LINE.trim() });
});
