/** Flags of the proofs in this folder: whole numbers, and where data and logs go. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { projectFolder } from '../../local/stack/stack-folders';

export interface ProofFlags<Name extends string> {
  readonly numbers: Readonly<Record<Name, number>>;
  readonly varFolder: string;
}

/** Undefined for what is no flag of these or no whole number from 1 on. `folder`: below var/. */
export function parseNumbers<Name extends string>(
  args: readonly string[],
  usual: Readonly<Record<Name, number>>,
  folder: string,
): ProofFlags<Name> | undefined {
  const names = Object.keys(usual) as Name[];
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
        var: { type: 'string' as const },
      },
    });
    const texts = values as Readonly<Record<string, string | undefined>>;
    const numbers = names.map((name) => [name, Number(texts[name] ?? usual[name])] as const);
    if (!numbers.every(([, number]) => Number.isSafeInteger(number) && number >= 1))
      return undefined;
    const varFolder = path.resolve(texts['var'] ?? path.join(projectFolder, 'var', folder));
    return { numbers: Object.fromEntries(numbers) as Record<Name, number>, varFolder };
  } catch {
    return undefined;
  }
}
