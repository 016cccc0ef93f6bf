/**
 * What is told of how a task came by its state: in the log while it happens, in health and metrics
 * also afterwards. A store that is used as it is says so too: 0 records were read for it.
 */
import type { Clock } from '../../../platform/clock';
import type { Logger } from '../logger';
import { buildsStore, type RestorePlan } from './restore-plan';
import type { RestoreReport } from './restore-progress';

export interface RestoreHealth extends RestoreReport {
  readonly plan: RestorePlan['kind'];
  /** `waiting` for its turn, where a store is built. */
  readonly state: 'waiting' | 'under way' | 'done';
}

const NOTHING_READ: RestoreReport = {
  records: 0,
  recordsPerSecond: 0,
  offsetsLeft: 0,
  secondsLeft: 0,
};

export class RestoreStatus {
  private shown: RestoreHealth | undefined;
  private startedAt = 0;

  constructor(
    private readonly app: string,
    private readonly partition: number,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Undefined until the task was taken for the first time. */
  get health(): RestoreHealth | undefined {
    return this.shown;
  }

  /** Begins: the plan is made and nothing is done yet. */
  begin(plan: RestorePlan): void {
    this.startedAt = this.clock.now();
    const state = buildsStore(plan) ? 'waiting' : 'under way';
    this.shown = { plan: plan.kind, state, ...NOTHING_READ };
    if (plan.kind === 'rebuild') {
      this.logger.warn({ ...this.fields(plan), why: plan.why }, 'rebuilding the store');
    }
  }

  progress(report: RestoreReport, isDue: boolean): void {
    if (this.shown === undefined) return;
    this.shown = { ...this.shown, state: 'under way', ...report };
    if (isDue)
      this.logger.info({ ...this.fields({ kind: this.shown.plan }), ...report }, 'restoring');
  }

  end(plan: RestorePlan, report: RestoreReport): void {
    this.shown = { plan: plan.kind, state: 'done', ...report };
    const { records, recordsPerSecond } = report;
    const ms = this.clock.now() - this.startedAt;
    const fields = { ...this.fields(plan), records, recordsPerSecond, ms };
    if (plan.kind === 'rebuild') this.logger.warn({ ...fields, why: plan.why }, 'store rebuilt');
    else this.logger.info(fields, 'task initialized');
  }

  private fields({ kind }: Pick<RestorePlan, 'kind'>) {
    return { app: this.app, partition: this.partition, plan: kind };
  }
}
