/** What is wrong with the settings of a process, all of it at once. */
import type { ReporterOptions } from 'envalid';

/** The process must not start with this environment. */
export class EnvironmentError extends Error {
  override readonly name: string = 'EnvironmentError';
}

/**
 * Does all of them, whatever the others throw, and gives their results. Throws one EnvironmentError with
 * the words of all that failed; an error of another kind is a bug and passes through.
 */
export function allOf<Readers extends Readonly<Record<string, () => unknown>>>(
  readers: Readers,
): { readonly [Name in keyof Readers]: ReturnType<Readers[Name]> } {
  const problems: string[] = [];
  const results = Object.entries(readers).map(([name, read]) => {
    try {
      return [name, read()] as const;
    } catch (error) {
      if (!(error instanceof EnvironmentError)) throw error;
      problems.push(error.message);
      return [name, undefined] as const;
    }
  });
  if (problems.length > 0) throw new EnvironmentError(problems.join('; '));
  return Object.fromEntries(results) as {
    readonly [Name in keyof Readers]: ReturnType<Readers[Name]>;
  };
}

/** For `cleanEnv`. Throws EnvironmentError with a part for each variable, joined by semicolons. */
export function refuseEnvironment<T>({ errors }: ReporterOptions<T>): void {
  const wrong = Object.entries(errors).map(
    ([name, error]) => `${name}: ${error instanceof Error ? error.message : 'not usable'}`,
  );
  if (wrong.length > 0) throw new EnvironmentError(wrong.join('; '));
}
