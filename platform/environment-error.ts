/** What is wrong with the settings of a process, all of it at once. */
import type { ReporterOptions } from 'envalid';

/** The process must not start with this environment. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/** For `cleanEnv`. Throws EnvironmentError with a part for each variable, joined by semicolons. */
export function refuseEnvironment<T>({ errors }: ReporterOptions<T>): void {
  const wrong = Object.entries(errors).map(
    ([name, error]) => `${name}: ${error instanceof Error ? error.message : 'not usable'}`,
  );
  if (wrong.length > 0) throw new EnvironmentError(wrong.join('; '));
}
