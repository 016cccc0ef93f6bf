/**
 * `npm run scenario -- NAME [--var FOLDER]`: plays one scenario against the stack that runs, and
 * says what it expected and what it saw. Status 0 when it held, 2 when the command line is wrong.
 */
import { endCommand } from '../../platform/command-end';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { scenarioNamed, scenarios } from './catalogue';
import { narrate } from './narrative';
import { play } from './play';
import { projectFolder } from '../../platform/project-folder';
import { readRunningStack } from '../../platform/running-stack';
import { seed } from './seed';
import { World } from './world';

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { var: { type: 'string' }, help: { type: 'boolean' } },
  });
  const [name = 'help'] = positionals;
  if (name === 'help' || values.help === true) {
    console.log(usage());
    return 0;
  }
  const scenario = scenarioNamed(name);
  if (scenario === undefined) {
    console.error(`There is no scenario ${name}.\n\n${usage()}`);
    return 2;
  }
  const folder = values.var ?? process.env['STACK_VAR'] ?? path.join(projectFolder, 'var');
  const running = readRunningStack(path.join(folder, 'run', 'running-stack.json'));
  if (running === undefined) {
    console.error(`No stack runs on ${folder}. Start one with npm start.`);
    return 1;
  }
  const world = await World.open(running, String(Date.now()));
  try {
    narrate(world.log, (line) => console.log(line));
    await seed(world);
    console.log(`expected: ${scenario.expected}`);
    const result = await play(scenario, world);
    console.log(`${result.kind === 'held' ? 'saw' : 'NOT as expected'}: ${result.saw}`);
    return result.kind === 'held' ? 0 : 1;
  } finally {
    await world.close();
  }
}

function usage(): string {
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  const list = scenarios.map(({ name, expected }) => `  ${name.padEnd(width)}  ${expected}`);
  return ['usage: npm run scenario -- NAME [--var FOLDER]', '', ...list].join('\n');
}

main().then(endCommand, (error: unknown) => {
  const { code = '', message } = error as NodeJS.ErrnoException;
  // What the person at the shell got wrong needs no stack.
  const isUsage = code.startsWith('ERR_PARSE_ARGS');
  console.error(isUsage ? `${message}\n\n${usage()}` : error);
  endCommand(isUsage ? 2 : 1);
});
