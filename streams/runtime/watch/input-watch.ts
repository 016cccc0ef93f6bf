/**
 * Watches one input partition of a task: whether what is in the log is read, and whether the log
 * itself goes on. Pure: fed with observations, it tells since when something is stalled.
 *
 *   limits 30 s; wall clock, s   0  last stable offset 90, read to 90, end 90
 *                               10  end 95: somebody's transaction is open        since 10
 *                               20  last stable offset 95: it was ended           well
 *                               25  last stable offset 99, read to 95             since 25
 *                               55  read to 95 still                              reading stalls
 * (test: "what is in the log and not read for too long stalls the task")
 */
import { partitionName, type TopicPartition } from '../broker';
import type { WatchLimits } from '../limits';
import type { Stall } from './stall';

/** Where a partition ends, as the brokers say. */
export interface PartitionEnds {
  readonly highWatermark: number;
  readonly lastStableOffset: number;
}

export interface InputObservation extends PartitionEnds {
  readonly place: TopicPartition;
  /** Wall-clock time, ms since the epoch. */
  readonly at: number;
  /** Everything below has been read. */
  readonly readTo: number;
  /** Whether the task could take more; false while enough waits to be handled. */
  readonly hungry: boolean;
}

/** Since when a figure has not moved although it should have. */
interface Standstill {
  readonly value: number;
  readonly since: number;
}

export class InputWatch {
  private unread: Standstill | undefined;
  private open: Standstill | undefined;

  constructor(private readonly limits: WatchLimits) {}

  observe(seen: InputObservation): Stall | undefined {
    const { at, readTo, hungry, highWatermark, lastStableOffset } = seen;
    this.unread = next(this.unread, readTo, hungry && readTo < lastStableOffset, at);
    this.open = next(this.open, lastStableOffset, lastStableOffset < highWatermark, at);
    return this.unreadStall(seen) ?? this.openStall(seen);
  }

  private unreadStall({ place, at, lastStableOffset }: InputObservation): Stall | undefined {
    if (this.unread === undefined || at - this.unread.since < this.limits.readStallMs) return;
    const { value, since } = this.unread;
    const detail = `${partitionName(place)} is fetched up to ${value}, its last stable offset is ${lastStableOffset}`;
    return { kind: 'reading', since, detail };
  }

  private openStall({ place, at, highWatermark }: InputObservation): Stall | undefined {
    if (this.open === undefined || at - this.open.since < this.limits.openTransactionMs) return;
    const { value, since } = this.open;
    const where = `--topic ${place.topic} --partition ${place.partition} --start-offset ${value}`;
    const detail = `${partitionName(place)} is held at ${value} by an open transaction, its high watermark is ${highWatermark}. If its producer is gone: kafka-transactions.sh --bootstrap-server HOST:PORT abort ${where}`;
    return { kind: 'transaction', since, detail };
  }
}

function next(
  last: Standstill | undefined,
  value: number,
  stands: boolean,
  at: number,
): Standstill | undefined {
  if (!stands) return undefined;
  return last?.value === value ? last : { value, since: at };
}
