/** A run with rebalances in figures. */
import type { Rebalance } from './rebalances';
import { machine } from './report';
import type { LoadRun } from './under-load';

export interface RebalanceRun {
  readonly run: LoadRun;
  readonly rebalances: readonly Rebalance[];
}

/** An orderly change, and a takeover after a session timeout of 8 s, stay below it. */
const PAUSE_MAX_MS = 10_000;

export function rebalanceFaults({ run, rebalances }: RebalanceRun): readonly string[] {
  const slow = rebalances
    .filter(({ standstill }) => standstill.worstMs >= PAUSE_MAX_MS)
    .map(({ what, standstill }) => `${what}: a partition was stalled for ${standstill.worstMs} ms`);
  const blind = rebalances
    .filter(({ standstill }) => standstill.partitions === 0)
    .map(({ what }) => `${what}: no partition was busy enough to tell; use more orders`);
  return [...slow, ...blind, ...run.verdict.violations];
}

export function rebalanceReport(result: RebalanceRun): string {
  const { run, rebalances } = result;
  const { figures } = run.verdict;
  const faults = rebalanceFaults(result);
  return [
    '',
    `rebalances, seed ${run.seed}: ${run.orders} orders, three processes of all apps`,
    `${new Date(run.startedAt).toISOString()} on ${machine()}`,
    '',
    'longest time without a commit       worst of the partitions   median of them',
    ...rebalances.map(({ what, standstill: { worstMs, medianMs, partitions } }) => {
      return `${what.padEnd(40)} ${String(worstMs).padStart(10)} ms ${String(medianMs).padStart(14)} ms   (${partitions} busy)`;
    }),
    '',
    `committed records ${figures.committedRecords}, aborted ${figures.abortedRecords}, read along ${figures.readAlongRecords}`,
    '',
    ...faults.map((fault) => `  ${fault}`),
    faults.length === 0 ? 'clean' : `NOT clean: ${faults.length} faults, seed ${run.seed}`,
  ].join('\n');
}
