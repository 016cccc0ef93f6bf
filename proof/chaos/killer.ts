/**
 * Carries out the planned kills while orders flow, and notes of each in which step its process was
 * and how long its part of the product was stalled. What always holds: only processes that a target
 * names are killed, by pid, with SIGKILL.
 */
import path from 'node:path';
import { systemClock } from '../../platform/clock';
import { StepFile, type CommitStep } from './commit-step';
import type { PlannedKill } from './kill-plan';
import type { SignsOfLife } from './signs-of-life';
import { partsOf, stepsOf, type Target } from './victim';

export interface Kill {
  readonly victim: string;
  /** Ms since the epoch, from when on nothing of the process can be seen any more. */
  readonly at: number;
  readonly afterOrders: number;
  /** Of its tasks, each once; empty for a process that commits nothing. */
  readonly steps: readonly CommitStep[];
  /** Until the last of its parts was seen at work; undefined: not within the limit. */
  readonly pauseMs: number | undefined;
}

export interface KillerOptions {
  readonly targets: readonly Target[];
  /** Of the step files, each named after its process. */
  readonly stepFolder: string;
  readonly signs: SignsOfLife;
  readonly say: (line: string) => void;
  readonly stop: AbortSignal;
}

const LOOK_EVERY_MS = 5;
/** A killed process is started again at once; the slowest start takes half a minute when busy. */
const ALIVE_WITHIN_MS = 120_000;
/** Under load an app commits many times a second; a wish that is not granted by then is dropped. */
const WISH_WITHIN_MS = 15_000;
const DEAD_WITHIN_MS = 10_000;
/** More is no pause but an app that does not come back. */
const BACK_WITHIN_MS = 180_000;

export class Killer {
  private readonly kills: Promise<Kill>[] = [];

  constructor(private readonly options: KillerOptions) {}

  /** `placed`: orders so far. Resolves once every victim is back, or has had its time. */
  async run(plan: readonly PlannedKill[], placed: () => number): Promise<readonly Kill[]> {
    for (const planned of plan) {
      await this.until(() => placed() >= planned.afterOrders, Infinity);
      if (this.options.stop.aborted) break;
      await this.kill(planned);
    }
    return Promise.all(this.kills);
  }

  /** Resolves once it is dead; what comes of it is followed beside the next ones. */
  private async kill(planned: PlannedKill): Promise<void> {
    const { victim, moment, afterOrders } = planned;
    const target = this.options.targets.find(({ name }) => name === victim);
    if (target === undefined) throw new Error(`there is no ${victim} to kill`);
    await this.until(() => target.pid() !== undefined, ALIVE_WITHIN_MS);
    const pid = target.pid();
    if (pid === undefined) throw new Error(`${victim} was not restarted`);
    const commits = stepsOf(victim).length > 0;
    const file = commits ? new StepFile(path.join(this.options.stepFolder, victim)) : undefined;
    const dead = () => target.pid() !== pid;
    if (moment.kind === 'step') {
      if (moment.step === 'between commits') {
        await this.until(() => file?.busySteps().length === 0, WISH_WITHIN_MS);
      } else {
        file?.wish(moment);
        await this.until(dead, WISH_WITHIN_MS);
        file?.clearWish();
      }
    }
    if (!dead()) killIfThere(pid);
    await this.until(dead, DEAD_WITHIN_MS);
    const at = systemClock.now();
    const busy = [...new Set(file?.busySteps())];
    file?.close();
    const steps: readonly CommitStep[] = commits && busy.length === 0 ? ['between commits'] : busy;
    this.options.say(`killed ${victim}${steps.length === 0 ? '' : ` (${steps.join(', ')})`}`);
    this.kills.push(this.followed({ victim, at, afterOrders, steps }));
  }

  private async followed(kill: Omit<Kill, 'pauseMs'>): Promise<Kill> {
    const seen = await Promise.all(
      partsOf(kill.victim).map((part) =>
        this.options.signs.firstAfter(part, kill.at, BACK_WITHIN_MS),
      ),
    );
    const all = seen.flatMap((at) => (at === undefined ? [] : [at]));
    const back = all.length === seen.length ? Math.max(...all) : undefined;
    return { ...kill, pauseMs: back === undefined ? undefined : Math.max(0, back - kill.at) };
  }

  private async until(condition: () => boolean, withinMs: number): Promise<void> {
    const giveUpAt = systemClock.now() + withinMs;
    while (!condition() && systemClock.now() < giveUpAt && !this.options.stop.aborted) {
      await systemClock.sleep(LOOK_EVERY_MS);
    }
  }
}

/** It may have ended by itself a moment ago. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
