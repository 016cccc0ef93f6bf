import { parseArgs } from 'node:util';
import { SimulatorClient } from './client';
import { CommandError, runCommand, USAGE } from './command';

/**
 * `npm run paypay -- …`: the developer's hand on the simulated PayPay, from the shell. `baseUrl` is
 * asked for only by a command that needs it. Sets the exit status.
 */
export function runCli(baseUrl: () => string): Promise<void> {
  return main(baseUrl).catch((error: unknown) => {
    // What the person at the shell got wrong, or a simulator that is not there, needs no stack.
    const { message, cause } = error as Error & { cause?: Error };
    process.stderr.write(`${message}${cause === undefined ? '' : ` (${cause.message})`}\n`);
    process.exitCode = error instanceof CommandError ? 2 : 1;
  });
}

async function main(baseUrl: () => string): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      lose: { type: 'boolean' },
      delay: { type: 'string' },
      copies: { type: 'string' },
      hold: { type: 'boolean' },
      amount: { type: 'string' },
      to: { type: 'string' },
      for: { type: 'string' },
      applied: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true || positionals.length === 0) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const [command = '', ...operands] = positionals;
  const text = await runCommand(new SimulatorClient(baseUrl()), command, operands, values);
  process.stdout.write(`${text}\n`);
}
