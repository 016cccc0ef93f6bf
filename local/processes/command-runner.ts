/** Runs a command to its exit status: a StackError is printed alone, anything else with its trace. */
import { endCommand } from '../../platform/command-end';
import { StackError } from '../stack/stack-error';
import { stopSignal, type StopRequest } from './stop-signals';

export function runCommand(
  command: (args: readonly string[], stop: StopRequest) => Promise<number>,
): void {
  const stop = stopSignal();
  command(process.argv.slice(2), stop).then(endCommand, (error: unknown) => {
    if (error instanceof StackError && error.code === 'STOPPED') process.exit(0);
    console.error(error instanceof StackError ? error.message : error);
    process.exit(1);
  });
}
