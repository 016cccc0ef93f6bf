/**
 * The metrics of a process of apps, in Prometheus' text form. Each is read off the apps' own health
 * when it is asked for, so that metrics and health never tell two stories.
 */
import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import { systemClock, type Clock } from '../../platform/clock';
import type { RunningApp, TaskHealth } from './running-app';

type Apps = () => readonly RunningApp[];

/** Adds to `registry` what every process of apps tells. */
export function healthMetrics(
  apps: Apps,
  registry: Registry = new Registry(),
  clock: Clock = systemClock,
): Registry {
  collectDefaultMetrics({ register: registry });
  registerRunning(registry, apps);
  const ofTasks = taskGauges(registry, apps);
  ofTasks(
    'streams_task_lag_records',
    'Consumer lag of a task: records of its inputs that are not processed yet.',
    ({ lagRecords }) => ({ value: lagRecords }),
  );
  ofTasks(
    'streams_task_timers_due',
    'Timers of a task that are due and have not fired yet, of those in memory.',
    ({ timersDue }) => (timersDue === undefined ? undefined : { value: timersDue }),
  );
  ofTasks(
    'streams_task_restored_records',
    'Changelog records restored when the task was last initialized; 0: its store was up to date.',
    ({ restore }) => restore && { value: restore.records, labels: { plan: restore.plan } },
    ['plan'],
  );
  ofTasks(
    'streams_task_restore_records_per_second',
    'Rate at which the changelog was restored when the task was last initialized.',
    ({ restore }) => restore && { value: restore.recordsPerSecond },
  );
  ofTasks(
    'streams_task_restore_left_offsets',
    'Changelog offsets that a restore has yet to read; 0 when it is done.',
    ({ restore }) => restore && { value: restore.offsetsLeft },
  );
  ofTasks(
    'streams_task_restore_left_seconds',
    'Estimated time until a restore is done, at its rate so far; 0 when it is done.',
    ({ restore }) => restore && { value: restore.secondsLeft },
  );
  ofTasks(
    'streams_task_stalled_seconds',
    'How long a task has been stalled, by the kind of stall.',
    ({ stall }) =>
      stall && { value: (clock.now() - stall.since) / 1_000, labels: { kind: stall.kind } },
    ['kind'],
  );
  return registry;
}

function registerRunning(registry: Registry, apps: Apps): void {
  new Gauge({
    name: 'streams_app_running',
    help: '1 while the app runs, 0 in every other state.',
    labelNames: ['app'] as const,
    registers: [registry],
    collect() {
      for (const app of apps()) {
        this.set({ app: app.name }, app.health().state === 'running' ? 1 : 0);
      }
    },
  });
}

interface Reading {
  readonly value: number;
  /** Labels besides the task's own. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Makes gauges with one line per task; a task that has nothing to tell has none. */
function taskGauges(registry: Registry, apps: Apps) {
  return (
    name: string,
    help: string,
    read: (task: TaskHealth) => Reading | undefined,
    labelNames: readonly string[] = [],
  ): void => {
    new Gauge<string>({
      name,
      help,
      labelNames: ['app', 'partition', ...labelNames],
      registers: [registry],
      collect() {
        this.reset();
        for (const app of apps()) {
          for (const task of app.health().tasks) {
            const reading = read(task);
            if (reading === undefined) continue;
            const own = { app: app.name, partition: String(task.partition) };
            this.set({ ...own, ...reading.labels }, reading.value);
          }
        }
      },
    });
  };
}
