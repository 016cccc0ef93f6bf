/**
 * Which build of the app's own processes is measured: this checkout's, compiled as `npm start` runs it,
 * another folder of compiled files (`--build`), or another checkout (`--baseline`).
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { NODE_FLAGS, type NodeCommand } from '../../local/processes/node-process';
import { buildFolder, projectFolder } from '../../platform/project-folder';

export interface Build {
  /** The checkout: where node_modules and the schemas are. */
  readonly checkout: string;
  /** Folder of the compiled files, or undefined for the sources. */
  readonly compiled: string | undefined;
}

export const thisCheckout: Build = { checkout: projectFolder, compiled: buildFolder };

/** As it was built there; its sources when it knows no build. */
export function otherCheckout(checkout: string): Build {
  const compiled = path.join(checkout, 'dist');
  return { checkout, compiled: existsSync(compiled) ? compiled : undefined };
}

export type ProductionScript =
  | 'streams/main'
  | 'edge/server'
  | 'simulator/server'
  | 'proof/bench/bare-http-server'
  | 'proof/bench/bare-socket-server';

/** `profileTo`: folder in which Node leaves a CPU profile when the process ends. */
export function productionCommand(
  { checkout, compiled }: Build,
  script: ProductionScript,
  args: readonly string[],
  profileTo?: string,
): NodeCommand {
  const profile = profileTo === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileTo}`];
  const program =
    compiled === undefined
      ? ['--import', 'tsx', path.join(checkout, `${script}.ts`)]
      : [...NODE_FLAGS, path.join(compiled, `${script}.js`)];
  return { command: process.execPath, args: [...profile, ...program, ...args], folder: checkout };
}
