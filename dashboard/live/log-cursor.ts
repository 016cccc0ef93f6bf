/**
 * How far a room has been followed in each partition of the log. A record that comes again, in the
 * snapshot and as an event or after a reconnect, is taken once.
 */
import type { Position } from '../../edge/contract/api-types';
import type { LogPlace } from '../text/log-place';

export class LogCursor {
  private readonly reached = new Map<string, Position>();

  constructor(positions: readonly Position[]) {
    for (const position of positions) {
      this.reached.set(partitionName(position.topic, position.partition), position);
    }
  }

  /** How far the room was followed; where nothing came, where it began. */
  get positions(): readonly Position[] {
    return [...this.reached.values()];
  }

  /** True once for each record: the log hands the records of a partition on in order. */
  take({ topic, partition, offset }: LogPlace): boolean {
    const name = partitionName(topic, partition);
    if (offset < (this.reached.get(name)?.nextOffset ?? 0)) return false;
    this.reached.set(name, { topic, partition, nextOffset: offset + 1 });
    return true;
  }
}

function partitionName(topic: string, partition: number): string {
  return `${topic}-${String(partition)}`;
}
