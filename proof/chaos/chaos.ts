/** A run with kills: every process and service dies while orders flow. */
import { Random } from '../simulation/random';
import { planKills } from './kill-plan';
import { Killer } from './killer';
import type { ChaosRun } from './report';
import { SignsOfLife } from './signs-of-life';
import { underLoad, type LoadPlan, type Subject } from './under-load';
import type { Target } from './victim';

export interface ChaosSubject extends Subject {
  /** Of the files in which the processes show the steps of their commits. */
  readonly stepFolder: string;
  readonly targets: readonly Target[];
}

export interface ChaosOptions extends LoadPlan {
  readonly kills: number;
  readonly brokers: number;
}

export async function runChaos(subject: ChaosSubject, options: ChaosOptions): Promise<ChaosRun> {
  const { databaseUrl, stack, stepFolder, targets } = subject;
  const { brokers, say, seed } = options;
  const victims = targets.map(({ name }) => name);
  const plan = planKills(new Random(seed).fork('kills'), victims, options);
  const { run, disturbed: kills } = await underLoad(subject, options, ({ load, log, over }) => {
    const signs = new SignsOfLife(log, { databaseUrl, registryUrl: stack.registryUrl });
    const killer = new Killer({ targets, stepFolder, signs, say, stop: over });
    return killer.run(plan, () => load.placed);
  });
  return { ...run, brokers, victims, kills };
}
