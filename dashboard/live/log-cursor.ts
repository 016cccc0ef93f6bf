/**
 * How far a room has been followed in each partition of the log. A record that comes again, in the
 * snapshot and as an event or after a reconnect, is taken once.
 */
import type { Position } from '../../edge/contract/api-types';
import type { LogPlace } from '../text/log-place';

export class LogCursor {
  private readonly next = new Map<string, number>();

  constructor(positions: readonly Position[]) {
    for (const { topic, partition, nextOffset } of positions) {
      this.next.set(partitionName(topic, partition), nextOffset);
    }
  }

  /** True once for each record: the log hands the records of a partition on in order. */
  take({ topic, partition, offset }: LogPlace): boolean {
    const name = partitionName(topic, partition);
    if (offset < (this.next.get(name) ?? 0)) return false;
    this.next.set(name, offset + 1);
    return true;
  }
}

function partitionName(topic: string, partition: number): string {
  return `${topic}-${String(partition)}`;
}
