/** Flags that are whole numbers, of commands that run on a product of their own. */
import { parseArgs } from 'node:util';
import { parseProductArguments, type ProductArguments } from './product';
import { StackError } from '../stack/stack-error';

export interface NumberFlags<Name extends string> {
  readonly numbers: Readonly<Record<Name, number>>;
  readonly product: ProductArguments;
}

export interface NumberFlagsOptions<Name extends string> {
  /** What a flag that is left out stands for, and at least may be. */
  readonly flags: Readonly<Record<Name, { readonly usual: number; readonly min: number }>>;
  readonly usage: string;
}

/** Undefined when help was asked for. Throws a StackError that ends with the usage. */
export function readNumberFlags<Name extends string>(
  args: readonly string[],
  { flags, usage }: NumberFlagsOptions<Name>,
): NumberFlags<Name> | undefined {
  const names = Object.keys(flags) as Name[];
  const values = parse(args, names, usage);
  if (values.help) return undefined;
  const numbers = Object.fromEntries(
    names.map((name) => {
      const { usual, min } = flags[name];
      const text = values.numbers.get(name);
      const number = text === undefined ? usual : Number(text);
      if (Number.isSafeInteger(number) && number >= min) return [name, number];
      throw wrong(`--${name} ${String(text)}: a whole number from ${String(min)} on`, usage);
    }),
  ) as Record<Name, number>;
  return { numbers, product: parseProductArguments(values.product, process.env) };
}

function parse(args: readonly string[], names: readonly string[], usage: string) {
  try {
    const numbers = names.map((name) => [name, { type: 'string' }] as const);
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...Object.fromEntries(numbers),
        var: { type: 'string' },
        fresh: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    const { var: folder, fresh = false, help = false, ...others } = values;
    const product = [
      ...(folder === undefined ? [] : ['--var', folder]),
      ...(fresh ? ['--fresh'] : []),
    ];
    const texts = new Map(Object.entries<string>(others));
    return { help, product, numbers: texts };
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error), usage);
  }
}

function wrong(reason: string, usage: string): StackError {
  return new StackError('BAD_ARGUMENTS', `${reason}\n\n${usage}`);
}
