/**
 * Brings a task's store to the commit that Kafka says it is at, by the plan of S1. The changelog
 * goes into the store in parts; the next one is read and decoded while the last is being written.
 *
 * Every part carries commit 0, which is below every other: killed in the middle, the next restore
 * goes on from the part's end, and knows that the store was being built.
 */
import type { Broker, LogRecord } from '../broker';
import type { Clock } from '../../../platform/clock';
import { TASK_LIMITS } from '../limits';
import type { Checkpoint } from '../store/store';
import {
  changesOf,
  staleTimers,
  type ChangelogPartDeps,
  type StoreChanges,
  type StoreKnowledge,
} from './changelog-part';
import { RestoreProgress, type RestoreReport } from './restore-progress';

export interface ChangelogSpan {
  readonly topic: string;
  readonly partition: number;
  /** First offset to read. */
  readonly from: number;
  /** Read up to here, exclusive. */
  readonly to: number;
}

export interface RestoreDeps extends ChangelogPartDeps {
  readonly broker: Broker;
  readonly clock: Clock;
  /** False once the task was given up: the restore ends early, the store keeps what it has. */
  wanted(): boolean;
  /** Told after every fetch; `isDue` once in a while, for the log. */
  progress(report: RestoreReport, isDue: boolean): void;
}

/** Resolves to what was done. The store's checkpoint is `target` afterwards. */
export async function restore(
  deps: RestoreDeps,
  span: ChangelogSpan,
  target: Checkpoint,
  knowledge: StoreKnowledge,
): Promise<RestoreReport> {
  const { broker, clock, store } = deps;
  const reader = broker.openReader();
  const progress = new RestoreProgress(span, clock.now());
  const midway = (position: number) => ({ ...target, seq: 0, changelogPosition: position });
  let position = span.from;
  let written = Promise.resolve();
  try {
    reader.assign(span, span.from);
    while (position < span.to && deps.wanted()) {
      for (const fetched of await reader.poll(TASK_LIMITS.pollWaitMs)) {
        position = fetched.nextOffset;
        for (const part of partsOf(fetched.records, span.to)) {
          // What is known of the store is read off it: all before must be in it.
          if (knowledge === 'known') await written;
          const changes = await changesOf(deps, part, knowledge);
          await written;
          const end = (part.at(-1)?.offset ?? 0) + 1;
          written = store.write({ ...changes, checkpoint: midway(end) });
          // Its failure is met where it is awaited; until then it must not end the process.
          written.catch(() => undefined);
          progress.applied(part.length, end);
        }
        progress.applied(0, position);
        const now = clock.now();
        deps.progress(progress.report(now), progress.isDue(now, TASK_LIMITS.restoreReportMs));
      }
    }
    await written;
  } finally {
    await reader.close();
  }
  if (deps.wanted()) {
    if (knowledge === 'unknown') await sweepTimers(deps, midway(span.to));
    await store.write({ ...NOTHING, checkpoint: target });
  }
  return progress.report(clock.now());
}

const NOTHING: StoreChanges = { states: [], timersCleared: [], timersSet: [] };

function partsOf(records: readonly LogRecord[], to: number): readonly (readonly LogRecord[])[] {
  const beyond = records.findIndex(({ offset }) => offset >= to);
  const wanted = beyond === -1 ? records : records.slice(0, beyond);
  const parts: (readonly LogRecord[])[] = [];
  for (let at = 0; at < wanted.length; at += TASK_LIMITS.restoreRecordsMax) {
    parts.push(wanted.slice(at, at + TASK_LIMITS.restoreRecordsMax));
  }
  return parts;
}

/** Drops the rows of timers that a later record of their key has moved or cleared. */
async function sweepTimers(deps: RestoreDeps, checkpoint: Checkpoint): Promise<void> {
  const { store } = deps;
  let timers = await store.earliestTimers(TASK_LIMITS.sweepTimersMax);
  for (;;) {
    const last = timers.at(-1);
    if (last === undefined) return;
    const timersCleared = await staleTimers(deps, timers);
    if (timersCleared.length > 0) await store.write({ ...NOTHING, timersCleared, checkpoint });
    timers = await store.timersAfter(last, TASK_LIMITS.sweepTimersMax);
  }
}

/**
 * Whether anyone ever committed a record to the span. Aborted ones do not count, nor do those past
 * its end that a fetch brings along: they may be of a process that has fenced this one.
 */
export async function holdsRecords(broker: Broker, span: ChangelogSpan): Promise<boolean> {
  const reader = broker.openReader();
  let position = span.from;
  try {
    reader.assign(span, span.from);
    while (position < span.to) {
      for (const fetched of await reader.poll(TASK_LIMITS.pollWaitMs)) {
        if (fetched.records.some(({ offset }) => offset < span.to)) return true;
        position = fetched.nextOffset;
      }
    }
    return false;
  } finally {
    await reader.close();
  }
}
