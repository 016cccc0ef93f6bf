/**
 * `npm run scenario -- NAME [--var FOLDER]`: plays one scenario against the stack that runs, and
 * says what it expected and what it saw. Status 0 when it held.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { scenarioNamed, scenarios } from './catalogue';
import { narrate } from './narrative';
import { play } from './play';
import { readRunningStack } from './running-stack';
import { seed } from './seed';
import { World } from './world';

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { var: { type: 'string' } },
  });
  const scenario = scenarioNamed(positionals[0] ?? '');
  if (scenario === undefined) {
    console.log('npm run scenario -- NAME\n');
    for (const { name, expected } of scenarios) console.log(`  ${name.padEnd(22)} ${expected}`);
    return positionals.length === 0 ? 0 : 1;
  }
  const folder = values.var ?? process.env['STACK_VAR'] ?? path.join(__dirname, '..', 'var');
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

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
