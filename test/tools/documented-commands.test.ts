import { existsSync } from 'node:fs';
import path from 'node:path';
import { projectFolder } from '../../platform/project-folder';
import { COMMAND_PROOFS, proofOf } from '../../tools/command-proofs';
import { commandsIn, documentedCommands } from '../../tools/documented-commands';

const fence = '```';

test('commands are found in shell blocks, indented lines and text, without their comments', () => {
  const markdown = [
    'Type `npm start`, or `STACK=docker npm start`; `src/index.ts` is no command.',
    `${fence}sh`,
    'npm run one -- --flag 1   # what it does',
    "kcat -f '%k\\n' | sort",
    'not a command',
    fence,
    '    npm run two',
    'npm run prose is not typed.',
  ].join('\n');
  expect(commandsIn(markdown)).toEqual([
    'npm start',
    'STACK=docker npm start',
    'npm run one -- --flag 1',
    "kcat -f '%k\\n' | sort",
    'npm run two',
  ]);
});

test('every documented command has exactly one line that says what shows that it works', () => {
  const commands = documentedCommands().map(({ command }) => command);
  expect(commands.length).toBeGreaterThan(80);
  for (const command of commands) expect(() => proofOf(command)).not.toThrow();
});

test('every such line is about a documented command, and names tests that are there', () => {
  const commands = documentedCommands().map(({ command }) => command);
  const idle = COMMAND_PROOFS.filter(({ of }) => !commands.some((command) => of.test(command)));
  expect(idle.map(({ of }) => of.source)).toEqual([]);
  const missing = COMMAND_PROOFS.flatMap(({ proof }) =>
    proof.kind === 'test' || proof.kind === 'smaller' ? [proof.where] : [],
  ).filter((where) => where !== 'npm test' && !existsSync(path.join(projectFolder, where)));
  expect(missing).toEqual([]);
});
