/**
 * A run with rebalances: three processes of all apps join, leave, die, and sleep past their session
 * and wake, while orders flow. Of each it is noted how long any partition was stalled; in the end
 * the log is judged as after a run with kills.
 *
 * ```
 *   instances   3 ─leaves─▶ 2 ─leaves─▶ 1 ─joins─▶ 2 ─joins─▶ 3
 *   then        one dies and comes back; one dies for longer than its session; one sleeps for longer
 * ```
 */
import { systemClock } from '../../platform/clock';
import { WORKER_LIMITS } from '../../streams/runtime/limits';
import { Standstills, type Standstill } from './standstill';
import { underLoad, type LoadPlan, type LoadRun, type Subject, type Underway } from './under-load';

/** A process of all apps. */
export interface Instance {
  readonly name: string;
  pid(): number | undefined;
  /** In an orderly way; it is gone when it resolves. */
  stop(): Promise<void>;
  /** SIGKILL, and nobody starts it again. */
  kill(): Promise<void>;
  /** All its apps are at work when it resolves. */
  start(): Promise<void>;
}

export interface Rebalance {
  readonly what: string;
  readonly standstill: Standstill;
}

export interface RebalanceSubject extends Subject {
  readonly instances: readonly [Instance, Instance, Instance];
}

/** After a rebalance, so that the next one begins with all at work. */
const SETTLE_MS = 8_000;
/** Beyond the session: the coordinator has given the tasks away by then. */
const ASLEEP_MS = WORKER_LIMITS.sessionTimeoutMs + 6_000;
/** Enough in flight for every partition to be busy. */
const BEFORE_FIRST_MS = 10_000;

export async function runRebalances(
  subject: RebalanceSubject,
  plan: LoadPlan,
): Promise<{ readonly run: LoadRun; readonly rebalances: readonly Rebalance[] }> {
  const { run, disturbed } = await underLoad(subject, plan, (underway) =>
    rebalance(subject.instances, underway, plan.say),
  );
  const { standstills, windows } = disturbed;
  // Only now is the concurrent consumer known to have been given all there was.
  const rebalances = windows.map(({ what, from, to }) => ({
    what,
    standstill: standstills.between(from, to),
  }));
  return { run, rebalances };
}

/** When a rebalance began, and when the next one might; ms since the epoch. */
interface Window {
  readonly what: string;
  readonly from: number;
  readonly to: number;
}

async function rebalance(
  [one, two, three]: RebalanceSubject['instances'],
  { log, over }: Underway,
  say: (line: string) => void,
): Promise<{ readonly standstills: Standstills; readonly windows: readonly Window[] }> {
  const standstills = new Standstills(log);
  const windows: Window[] = [];
  const observe = async (what: string, act: () => Promise<void>) => {
    if (over.aborted) return;
    const from = systemClock.now();
    await act();
    await systemClock.sleep(SETTLE_MS);
    windows.push({ what, from, to: systemClock.now() });
    say(what);
  };
  await systemClock.sleep(BEFORE_FIRST_MS, over);
  await observe('3 → 2, one leaves', () => three.stop());
  await observe('2 → 1, one leaves', () => two.stop());
  await observe('1 → 2, one joins', () => two.start());
  await observe('2 → 3, one joins', () => three.start());
  await observe('one dies and comes back', async () => {
    await one.kill();
    await one.start();
  });
  await observe('one dies for longer than its session', async () => {
    await two.kill();
    await systemClock.sleep(ASLEEP_MS);
  });
  await observe('and comes back', () => two.start());
  await observe('one sleeps past its session, and wakes', () => sleepThrough(three));
  return { standstills, windows };
}

/** A zombie: it believes to hold its tasks, which others have by then. */
async function sleepThrough(instance: Instance): Promise<void> {
  const pid = instance.pid();
  if (pid === undefined) throw new Error(`${instance.name} does not run`);
  process.kill(pid, 'SIGSTOP');
  await systemClock.sleep(ASLEEP_MS);
  process.kill(pid, 'SIGCONT');
}
