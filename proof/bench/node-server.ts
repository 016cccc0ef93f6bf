/** Starts a server that is measured, on a port of its own. */
import { choosePort } from '../../local/services/port-choice';
import { respondsOk } from '../../local/services/readiness';
import { NODE_ENVIRONMENT } from '../../local/processes/node-process';
import { SupervisedProcess } from '../../local/processes/supervised-process';
import type { BenchGround } from './bench-ground';
import { productionCommand, type Build, type ProductionScript } from './production';

export interface ServerOptions {
  readonly ground: BenchGround;
  readonly build: Build;
  /** Folder for CPU profiles; undefined: none is made. */
  readonly profileTo: string | undefined;
}

export interface RunningServer {
  readonly url: string;
  readonly process: SupervisedProcess;
  /** Stops it. */
  end(): Promise<void>;
}

export interface ServerSettings {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const READY_WITHIN_MS = 90_000;
const STOP_WITHIN_MS = 20_000;

/** Resolves once a GET of `readyPath` is answered 200. */
export async function startServer(
  { ground, build, profileTo }: ServerOptions,
  script: ProductionScript,
  settings: (port: number) => ServerSettings,
  readyPath: string,
): Promise<RunningServer> {
  const port = await choosePort(3000);
  const url = `http://127.0.0.1:${String(port.port)}`;
  const { args, environment } = settings(port.port);
  const process = new SupervisedProcess(
    {
      name: `bench-${script.replaceAll('/', '-')}`,
      ...productionCommand(build, script, args, profileTo),
      environment: { ...NODE_ENVIRONMENT, ...globalThis.process.env, ...environment },
      ready: () => respondsOk(`${url}${readyPath}`),
      readyWithinMs: READY_WITHIN_MS,
      stopWithinMs: STOP_WITHIN_MS,
    },
    ground.stack.folders,
  );
  await process.start();
  return {
    url,
    process,
    async end() {
      await process.stop();
      port.release();
    },
  };
}
