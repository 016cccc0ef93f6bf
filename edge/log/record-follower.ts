/**
 * Reads partitions for as long as the edge runs and hands on what they bring. Owns one reader.
 * Kafka out of reach is waited out, at the position where it was; what no retry mends ends it.
 */
import type { FetchedPartition, RecordReader, TopicPartition } from '../../streams/runtime/broker';
import type { Clock } from '../../platform/clock';
import { eventually } from '../../streams/runtime/patience';
import { limits } from '../limits';

export interface StartPosition extends TopicPartition {
  readonly offset: number;
}

/**
 * Takes fetches in log order; the next poll waits for it. A transient rejection brings the same
 * fetch again, so none is skipped.
 */
export type FetchListener = (fetched: readonly FetchedPartition[]) => Promise<void>;

/** A follower that knows where to begin; run it once, and stop it to end the run. */
export interface OpenedFollower {
  readonly follower: RecordFollower;
  readonly run: () => Promise<void>;
}

export class RecordFollower {
  private readonly stopping = new AbortController();

  constructor(
    private readonly reader: RecordReader,
    private readonly clock: Clock,
    private readonly listener: FetchListener,
  ) {}

  /** Resolves after `stop`; rejects on an error that is not transient. */
  async follow(positions: readonly StartPosition[]): Promise<void> {
    for (const position of positions) this.reader.assign(position, position.offset);
    try {
      while (!this.stopping.signal.aborted) await this.step();
    } finally {
      await this.reader.close();
    }
  }

  stop(): void {
    this.stopping.abort();
    this.reader.wake();
  }

  private async step(): Promise<void> {
    const { clock } = this;
    const { signal } = this.stopping;
    const waiting = { clock, pauseMs: limits.logReconnectMs, signal };
    const fetched = await eventually(() => this.reader.poll(limits.logPollMs), waiting);
    if (fetched !== undefined) await eventually(() => this.listener(fetched), waiting);
  }
}
