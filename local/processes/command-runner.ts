/** Runs a command to its exit status: a StackError is printed alone, anything else with its trace. */
import { endCommand } from '../../platform/command-end';
import { StackError } from '../stack/stack-error';
import { stopSignal, type StopRequest } from './stop-signals';

export function runCommand(
  command: (args: readonly string[], stop: StopRequest) => Promise<number>,
): void {
  const stop = stopSignal();
  command(process.argv.slice(2), stop).then(endCommand, (error: unknown) => {
    const wasAsked = error instanceof StackError && error.code === 'STOPPED';
    if (!wasAsked) console.error(error instanceof StackError ? error.message : error);
    endCommand(wasAsked ? 0 : 1);
  });
}
