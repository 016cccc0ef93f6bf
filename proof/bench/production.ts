/**
 * How the app's own processes are run: the one place that knows. By default the sources as `npm
 * start` runs them; `--build FOLDER` takes a compiled build of the same layout, and a baseline is
 * another checkout.
 */
import path from 'node:path';
import { projectFolder } from '../../local/stack/stack-folders';

export interface Build {
  /** The checkout: where node_modules and the schemas are. */
  readonly checkout: string;
  /** Folder of compiled files below it, or undefined for the sources. */
  readonly compiled: string | undefined;
}

export const thisCheckout: Build = { checkout: projectFolder, compiled: undefined };

export type ProductionScript = 'streams/main' | 'edge/server' | 'simulator/server';

export interface ProcessCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
}

/** `profileTo`: folder in which Node leaves a CPU profile when the process ends. */
export function productionCommand(
  { checkout, compiled }: Build,
  script: ProductionScript,
  args: readonly string[],
  profileTo?: string,
): ProcessCommand {
  const profile = profileTo === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileTo}`];
  const program =
    compiled === undefined
      ? ['--import', 'tsx', path.join(checkout, `${script}.ts`)]
      : [path.join(compiled, `${script}.js`)];
  return { command: process.execPath, args: [...profile, ...program, ...args], folder: checkout };
}
