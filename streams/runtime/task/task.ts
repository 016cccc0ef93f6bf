/**
 * A task with state: partition p of all inputs of an app, its store, and partition p of the
 * changelog. It lives as every `TransactionalTask` does; here is how it is taken, how far a restore
 * has come, and what becomes of a damaged store.
 */
import type { TopicPartition } from '../broker';
import { RuntimeError } from '../errors';
import type { Logger } from '../logger';
import {
  TransactionalTask,
  type TakenPartition,
  type TaskSurroundings,
  type TaskWork,
  type Taking,
} from '../transactional-task';
import type { RestoreLine } from './restore-line';
import { RestoreStatus } from './restore-status';
import { takeTask, type TakeDeps } from './take';

export interface TaskOptions
  extends
    TaskSurroundings,
    Omit<TakeDeps, 'wanted' | 'learn' | 'inTurn' | 'restoring' | 'progress' | 'restored'> {
  /** That of all tasks of the app in this process. */
  readonly restoreLine: RestoreLine;
  readonly logger: Logger;
}

export function statefulTask(options: TaskOptions, partition: number): TransactionalTask {
  return new TransactionalTask(new StatefulWork(options, partition), options, partition);
}

class StatefulWork implements TaskWork {
  readonly app: string;
  readonly inputs: readonly TopicPartition[];
  private readonly restore: RestoreStatus;

  constructor(
    private readonly options: TaskOptions,
    private readonly partition: number,
  ) {
    const { app, clock, logger } = options;
    this.app = app.name;
    this.inputs = app.inputs.map(({ name }) => ({ topic: name, partition }));
    this.restore = new RestoreStatus(app.name, partition, clock, logger);
  }

  take({ givenBack, underway }: Taking): Promise<TakenPartition> {
    const { options, partition, restore } = this;
    return takeTask(
      {
        ...options,
        wanted: () => !givenBack.aborted,
        learn: (ids) => options.decoder.learn(ids),
        inTurn: (build) => {
          // Waiting for the others is no stall of this one.
          underway.rests();
          return options.restoreLine.turn(givenBack, () => {
            underway.goesOn();
            return build();
          });
        },
        restoring: (plan) => restore.begin(plan),
        progress: (report, isDue) => {
          underway.goesOn();
          restore.progress(report, isDue);
        },
        restored: (plan, report) => restore.end(plan, report),
      },
      partition,
    );
  }

  takingHealth(): ReturnType<TaskWork['takingHealth']> {
    const { health } = this.restore;
    if (health === undefined) return { state: 'restoring (0 records)' };
    const { records, state } = health;
    const isWaiting = state === 'waiting';
    return {
      state: isWaiting ? 'waiting to restore' : `restoring (${String(records)} records)`,
      restore: health,
    };
  }

  async mend(error: unknown): Promise<void> {
    if (error instanceof RuntimeError && error.code === 'STORE_DAMAGED') {
      await this.options.stores.destroy(this.partition);
    }
  }
}
