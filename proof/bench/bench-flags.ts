/** The command line that every benchmark shares. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { StackError } from '../../local/stack/stack-error';
import { projectFolder } from '../../local/stack/stack-folders';
import { thisCheckout, type Build } from './production';

export interface BenchFlags {
  /** That count; the warm-up comes before. */
  readonly rounds: number;
  /** Rounds that are run and thrown away. */
  readonly warmUps: number;
  readonly events: number;
  /** Names of the sides to be run; undefined: all. */
  readonly sides: readonly string[] | undefined;
  /** Names of the questions to be asked; undefined: all. */
  readonly only: readonly string[] | undefined;
  readonly profile: boolean;
  readonly build: Build;
  /** Another checkout whose own processes are a side. */
  readonly baseline: string | undefined;
  readonly seed: number;
  readonly varFolder: string;
}

export const benchUsage = [
  '  --rounds N       rounds that count, the sides in turns (default: 3)',
  '  --warm-ups N     rounds before them that do not (default: 1)',
  '  --events N       events of the backlog (default: 400000)',
  '  --sides NAMES    some of the sides',
  '  --only NAMES     some of the questions, of all of them together',
  "  --profile        leaves a CPU profile of the app's process in the results",
  '  --build FOLDER   compiled files to run instead of dist/',
  '  --baseline PATH  another checkout to compare with, where a question does',
  '  --seed N         of the generated log (default: 12)',
  '  --var FOLDER     where data and results are kept (default: var/bench)',
].join('\n');

export function readBenchFlags(args: readonly string[]): BenchFlags {
  const values = parse(args);
  const whole = (name: 'rounds' | 'warm-ups' | 'events' | 'seed', min: number): number => {
    const number = Number(values[name]);
    if (Number.isSafeInteger(number) && number >= min) return number;
    throw refused(`--${name} is a whole number of at least ${String(min)}`);
  };
  const names = (text: string | undefined) => text?.split(',').map((name) => name.trim());
  return {
    rounds: whole('rounds', 1),
    warmUps: whole('warm-ups', 0),
    events: whole('events', 100),
    seed: whole('seed', 0),
    sides: names(values.sides),
    only: names(values.only),
    profile: values.profile,
    build:
      values.build === undefined
        ? thisCheckout
        : { checkout: projectFolder, compiled: path.resolve(values.build) },
    baseline: values.baseline === undefined ? undefined : path.resolve(values.baseline),
    varFolder: path.resolve(values.var),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        rounds: { type: 'string', default: '3' },
        'warm-ups': { type: 'string', default: '1' },
        events: { type: 'string', default: '400000' },
        seed: { type: 'string', default: '12' },
        sides: { type: 'string' },
        only: { type: 'string' },
        profile: { type: 'boolean', default: false },
        build: { type: 'string' },
        baseline: { type: 'string' },
        var: { type: 'string', default: path.join(projectFolder, 'var', 'bench') },
      },
    }).values;
  } catch (error) {
    throw refused(error instanceof Error ? error.message : String(error));
  }
}

/** Those of `all` that were asked for. */
export function chosen<T extends { readonly name: string }>(
  flag: '--sides' | '--only',
  all: readonly T[],
  asked: readonly string[] | undefined,
): readonly T[] {
  if (asked === undefined) return all;
  const unknown = asked.find((name) => !all.some((one) => one.name === name));
  if (unknown !== undefined) {
    const known = all.map(({ name }) => name).join(', ');
    throw refused(`${flag}: there is no ${unknown}; there are ${known}`);
  }
  return all.filter(({ name }) => asked.includes(name));
}

function refused(problem: string): StackError {
  return new StackError('BAD_ARGUMENTS', `${problem}\n${benchUsage}`);
}
