/** `npm run build`: dist/, as the processes run it, wherever it is older than its sources. */
import { buildDashboard } from '../local/pipeline/dashboard-build';
import { buildProcesses } from '../local/pipeline/process-build';
import { runCommand } from '../local/processes/command-runner';
import type { StopRequest } from '../local/processes/stop-signals';

async function build(_args: readonly string[], { asked }: StopRequest): Promise<number> {
  const parts = [
    { name: 'processes', make: () => buildProcesses(() => undefined, asked) },
    { name: 'dashboard', make: () => buildDashboard(() => undefined) },
  ];
  for (const { name, make } of parts) {
    const begun = performance.now();
    const made = await make();
    const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
    console.log(`${name}: ${made ? `built in ${seconds} s` : 'as it was'}`);
  }
  return 0;
}

runCommand(build);
