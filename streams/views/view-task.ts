/**
 * One partition number of all topics, while this instance has it. The views write whatever they have
 * in one transaction, so a task reads and writes nothing by itself: it says what is to be read, and
 * waits for the batch in flight when it is to rest.
 *
 *             given             released                 held
 *   (nobody's) ───▶ aligning ◀──────────── held ◀────────────── running
 *                      │                                           ▲
 *                      └─────────── positions read from Postgres ──┘
 */
import type { Clock } from '../../platform/clock';
import type { TopicPartition } from '../runtime/broker';
import type { PartitionTask } from '../runtime/group-worker';
import type { TaskHealth } from '../runtime/running-app';
import type { TaskView } from '../runtime/watch/watchdog';
import type { ViewReader } from './view-reader';

export interface ViewTaskDeps {
  readonly reader: Pick<ViewReader, 'doubt' | 'healthOf' | 'viewOf'>;
  readonly clock: Clock;
  /** Ends the round in progress early when it only waits. */
  readonly wake: () => void;
  /** Resolves once the round in progress is over. */
  readonly roundEnds: () => Promise<void>;
}

export class ViewTask implements PartitionTask {
  /** Since when it is held; wall clock, ms since the epoch. */
  private heldSince: number | undefined;

  constructor(
    private readonly deps: ViewTaskDeps,
    readonly partition: number,
    readonly inputs: readonly TopicPartition[],
  ) {}

  get isHeld(): boolean {
    return this.heldSince !== undefined;
  }

  health(): TaskHealth {
    const health = this.deps.reader.healthOf(this.partition);
    return this.isHeld ? { ...health, state: 'held' } : health;
  }

  view(): TaskView {
    const view = this.deps.reader.viewOf(this.inputs);
    const since = this.heldSince;
    return since === undefined || view.kind === 'busy' ? view : { kind: 'held', since };
  }

  retake(): void {
    this.deps.reader.doubt();
  }

  async hold(): Promise<void> {
    this.heldSince ??= this.deps.clock.now();
    await this.close();
  }

  /** Somebody else may have had the partition meanwhile. */
  release(): void {
    if (!this.isHeld) return;
    this.heldSince = undefined;
    this.deps.reader.doubt();
    this.deps.wake();
  }

  /** Nothing is its own: it is closed once no batch holds records of it. */
  async close(): Promise<void> {
    this.deps.wake();
    await this.deps.roundEnds();
  }
}
