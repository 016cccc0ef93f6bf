/**
 * Owns what a supervisor in production does: a process that ends by itself is restarted, for
 * as long as it takes. Its data is where it left it.
 */
import type { Progress } from './progress';
import { describeExit, type SupervisedProcess } from './supervised-process';

/** One that dies again at once is not started in a tight loop. */
const RESTART_PAUSE_MS = 1_000;

/** Until `abandon`; the process is running already. */
export function keepRunning(
  process: SupervisedProcess,
  progress: Progress,
  abandon: AbortSignal,
): void {
  const { name } = process.spec;
  process.onExit((exit) => {
    if (abandon.aborted) return;
    progress.say(`${name} ended ${describeExit(exit)}; restarting it. Log: ${process.logFile}`);
    void startAgain(process, progress, abandon);
  });
}

async function startAgain(
  process: SupervisedProcess,
  progress: Progress,
  abandon: AbortSignal,
): Promise<void> {
  const abandoned = () => abandon.aborted;
  while (!abandoned()) {
    try {
      await process.start(abandon);
      progress.say(`${process.spec.name} is back.`);
      return;
    } catch (error) {
      if (abandoned()) return;
      progress.say(error instanceof Error ? error.message : String(error));
      await new Promise((resolve) => setTimeout(resolve, RESTART_PAUSE_MS));
    }
  }
}
