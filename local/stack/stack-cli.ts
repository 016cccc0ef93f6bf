/**
 * Owns `npm run stack`: the services alone, until Ctrl-C or for the time of one command.
 *
 * Standard output carries what a shell can evaluate (the `export` lines) or what the command
 * writes; everything for people goes to standard error.
 */
import { spawn } from 'node:child_process';
import { endCommand } from '../../platform/command-end';
import { progressOn } from '../processes/progress';
import { startStack, type Stack } from './stack';
import { parseStackArguments, splitExec, stackUsage, type StackTask } from './stack-arguments';
import { StackError } from './stack-error';
import { stackFolders } from './stack-folders';
import { signalStatus, stopSignal, type StopRequest } from '../processes/stop-signals';
import { describeExit } from '../processes/supervised-process';

const usage = `npm run stack -- [flags] [--exec COMMAND ARGS…]\n${stackUsage}`;

async function main(args: readonly string[], stop: StopRequest): Promise<number> {
  if (args[0] === '--help') {
    console.log(usage);
    return 0;
  }
  const { stack: flags, task } = splitExec(args);
  const { varFolder, fresh, only, brokers } = parseStackArguments(flags, process.env);
  const progress = progressOn();
  const stack = await startStack({
    folders: stackFolders(varFolder),
    only,
    brokers,
    fresh,
    environment: process.env,
    progress,
    abandon: stop.asked,
  });
  progress.close();
  try {
    return await perform(task, stack, stop);
  } finally {
    await stack.stop();
  }
}

function perform(task: StackTask, stack: Stack, stop: StopRequest): Promise<number> {
  switch (task.kind) {
    case 'stay':
      return stay(stack, stop);
    case 'exec':
      return execute(task.command, task.args, stack, stop);
  }
}

/** Until it is asked to stop (status 0: that is how it is meant to end), or a service dies. */
async function stay(stack: Stack, stop: StopRequest): Promise<number> {
  for (const [name, value] of Object.entries(stack.environment)) {
    console.log(`export ${name}=${value}`);
  }
  console.error(`Logs are in ${stack.folders.log}. Ctrl-C stops the stack.`);
  return new Promise((resolve) => {
    const stopped = (): void => resolve(0);
    stop.asked.addEventListener('abort', stopped);
    if (stop.asked.aborted) stopped();
    stack.onServiceExit((name, exit) => {
      console.error(`${name} ended ${describeExit(exit)}; see ${stack.folders.log}/${name}.log`);
      resolve(1);
    });
    keepAlive(stop.asked);
  });
}

/** Named and Docker services leave nothing open that would keep this process running. */
function keepAlive(asked: AbortSignal): void {
  const longest = 2 ** 31 - 1;
  const timer = setInterval(() => undefined, longest);
  asked.addEventListener('abort', () => clearInterval(timer));
}

/** The command ends on its own signals; the stack stops after it. */
function execute(
  command: string,
  args: readonly string[],
  stack: Stack,
  stop: StopRequest,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: 'inherit',
      env: { ...process.env, ...stack.environment },
    });
    const passOn = (): void => {
      child.kill(stop.signal());
    };
    stop.asked.addEventListener('abort', passOn);
    if (stop.asked.aborted) passOn();
    child.once('error', (error) => {
      reject(new StackError('BAD_ARGUMENTS', `--exec ${command}: ${error.message}`));
    });
    child.once('exit', (code, signal) => {
      resolve(signal === null ? (code ?? 0) : signalStatus(signal));
    });
  });
}

const stop = stopSignal();
main(process.argv.slice(2), stop).then(endCommand, (error: unknown) => {
  const isKnown = error instanceof StackError;
  const wasAsked = isKnown && error.code === 'STOPPED';
  if (!wasAsked) console.error(isKnown ? error.message : error);
  endCommand(wasAsked ? signalStatus(stop.signal()) : 1);
});
