/**
 * Owns the command line of the stack: the flags that every command over it shares, and what only
 * `npm run stack` takes.
 */
import { parseArgs } from 'node:util';
import path from 'node:path';
import { serviceNames, type ServiceName } from '../services/service';
import { StackError } from './stack-error';
import { projectFolder } from './stack-folders';

export interface StackArguments {
  readonly varFolder: string;
  readonly fresh: boolean;
  readonly only: readonly ServiceName[];
  /** That make up Kafka, where it is started here. */
  readonly brokers: number;
}

export type StackTask =
  | { readonly kind: 'stay' }
  | { readonly kind: 'exec'; readonly command: string; readonly args: readonly string[] };

export const stackUsage = [
  '  --var FOLDER   where data and logs are kept (default: var, or STACK_VAR)',
  '  --fresh        start from empty data',
  `  --only NAMES   some of ${serviceNames.join(',')}`,
  '  --brokers N    1, or 3 with every record on all of them (default: 1)',
].join('\n');

type Environment = Readonly<Record<string, string | undefined>>;

export function parseStackArguments(
  args: readonly string[],
  environment: Environment,
): StackArguments {
  const { values } = parseFlags(args);
  const { STACK_VAR: named = '' } = environment;
  const chosen = values.var ?? (named === '' ? undefined : named);
  return {
    varFolder: chosen === undefined ? path.join(projectFolder, 'var') : path.resolve(chosen),
    fresh: values.fresh ?? false,
    only: values.only === undefined ? serviceNames : parseNames(values.only),
    brokers: parseBrokers(values.brokers),
  };
}

/** Everything after `--exec` is the command's own. */
export function splitExec(args: readonly string[]): {
  readonly stack: readonly string[];
  readonly task: StackTask;
} {
  const at = args.indexOf('--exec');
  if (at === -1) return { stack: args, task: { kind: 'stay' } };
  const [command, ...rest] = args.slice(at + 1);
  if (command === undefined) throw new StackError('BAD_ARGUMENTS', '--exec needs a command.');
  return { stack: args.slice(0, at), task: { kind: 'exec', command, args: rest } };
}

function parseFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        var: { type: 'string' },
        fresh: { type: 'boolean' },
        only: { type: 'string' },
        brokers: { type: 'string' },
      },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StackError('BAD_ARGUMENTS', `${reason}\n${stackUsage}`);
  }
}

/** Two would be no safer than one: a single one that is away takes the quorum with it. */
export function parseBrokers(text = '1'): number {
  if (text === '1' || text === '3') return Number(text);
  throw new StackError('BAD_ARGUMENTS', `--brokers: there can be 1 or 3, not "${text}".`);
}

function parseNames(text: string): readonly ServiceName[] {
  return text.split(',').map((name) => {
    const known = serviceNames.find((service) => service === name.trim());
    if (known !== undefined) return known;
    throw new StackError(
      'BAD_ARGUMENTS',
      `--only: there is no service "${name}"; there are ${serviceNames.join(', ')}.`,
    );
  });
}
