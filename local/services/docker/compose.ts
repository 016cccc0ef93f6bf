/**
 * Owns the calls of Docker Compose, for a stack that is started with STACK=docker. The services
 * have the same names in docker-compose.yml as here, and listen on their usual ports.
 */
import { runCommand } from '../../processes/command';
import type { ServiceName } from '../service';
import { StackError } from '../../stack/stack-error';
import { projectFolder } from '../../stack/stack-folders';

export async function composeUp(
  names: readonly ServiceName[],
  abandon: AbortSignal,
): Promise<void> {
  await compose(['up', '--detach', '--wait', ...names], 'starting the containers', abandon);
}

/** The containers and their volumes stay. */
export async function composeStop(names: readonly ServiceName[]): Promise<void> {
  await compose(['stop', ...names], 'stopping the containers', new AbortController().signal);
}

/** Takes the data with it. */
export async function composeDown(abandon: AbortSignal): Promise<void> {
  await compose(['down', '--volumes'], 'removing the containers and their data', abandon);
}

async function compose(
  args: readonly string[],
  purpose: string,
  abandon: AbortSignal,
): Promise<void> {
  try {
    await runCommand({
      purpose,
      command: 'docker',
      args: ['compose', ...args],
      folder: projectFolder,
      abandon,
    });
  } catch (error) {
    if (!(error instanceof StackError) || error.code === 'STOPPED') throw error;
    throw new StackError('DOCKER_FAILED', `${error.message}\nIs Docker with Compose 2 running?`);
  }
}
