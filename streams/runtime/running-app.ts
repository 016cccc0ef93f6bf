import type { RestoreHealth } from './task/restore-status';
import type { Stall } from './watch/stall';

/** What a process can ask of anything that runs in it, whatever it is made of. */
export interface RunningApp {
  readonly name: string;
  health(): AppHealth;
  /** Stops taking records; what is in flight is finished. Forgotten on restart. */
  pause(): void;
  resume(): void;
  /** Finishes what is in flight, leaves its group, and frees what it holds. */
  stop(): Promise<void>;
  /** Settles when the app has ended: resolves after `stop`, rejects when it died. */
  readonly ended: Promise<void>;
}

export type AppState = 'starting' | 'running' | 'paused' | 'stopping' | 'failed';

export interface AppHealth {
  readonly state: AppState;
  readonly tasks: readonly TaskHealth[];
  /** Why it is not running, for people. */
  readonly detail?: string;
}

export interface TaskHealth {
  readonly partition: number;
  readonly state: string;
  /** Records that are in the log and not handled yet, over all inputs. */
  readonly lagRecords: number;
  /** Timers that are due and have not fired yet; absent where none are kept. */
  readonly timersDue?: number;
  /** How it came by its state; absent where none is kept, and before it is known. */
  readonly restore?: RestoreHealth;
  /** What holds it up although it should go on; absent while nothing does. */
  readonly stall?: Stall;
}
