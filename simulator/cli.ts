import { parseArgs } from 'node:util';
import { SimulatorClient } from './client';
import { COMMANDS, CommandError, runCommand, USAGE, type CommandOptions } from './command';
import { webhookLine } from './command-text';
import { watchWebhooks } from './webhook-watch';

const OPTIONS = {
  lose: { type: 'boolean' },
  delay: { type: 'string' },
  copies: { type: 'string' },
  hold: { type: 'boolean' },
  amount: { type: 'string' },
  to: { type: 'string' },
  fails: { type: 'boolean' },
  for: { type: 'string' },
  applied: { type: 'boolean' },
  seed: { type: 'string' },
  among: { type: 'string' },
  rate: { type: 'string' },
  help: { type: 'boolean' },
} as const;

export interface Cli {
  /** Asked for only by a command that needs it. */
  readonly baseUrl: () => string;
  /** Commands that need more than the simulator, by name. */
  readonly others: Readonly<Record<string, (options: CommandOptions) => Promise<void>>>;
}

/**
 * `npm run simulate:paypay -- …`: the developer's hand on the simulated PayPay, from the shell. Sets
 * the exit status: 2 when the command line is wrong.
 */
export function runCli(cli: Cli): Promise<void> {
  return main(cli).catch((error: unknown) => {
    // What the person at the shell got wrong, or a simulator that is not there, needs no stack.
    const { message, cause } = error as Error & { cause?: Error };
    process.stderr.write(`${message}${cause === undefined ? '' : ` (${cause.message})`}\n`);
    process.exitCode = error instanceof CommandError ? 2 : 1;
  });
}

async function main({ baseUrl, others }: Cli): Promise<void> {
  const { values, positionals } = readArguments();
  const [command = 'help', ...operands] = positionals;
  if (values.help === true || command === 'help') {
    write(USAGE);
    return;
  }
  const other = others[command];
  if (other !== undefined) {
    await other(values);
    return;
  }
  if (command !== 'watch' && !COMMANDS.includes(command)) {
    throw new CommandError(`unknown command ${command}; \`help\` lists them`);
  }
  const client = new SimulatorClient(baseUrl());
  if (command === 'watch')
    await watchWebhooks(client, (webhook) => write(webhookLine(webhook)), interrupted());
  else write(await runCommand(client, command, operands, values));
}

function readArguments() {
  try {
    return parseArgs({ allowPositionals: true, options: OPTIONS });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(`${reason}\n\`help\` lists commands and options.`);
  }
}

function interrupted(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  return stop.signal;
}

function write(text: string): void {
  process.stdout.write(`${text}\n`);
}
