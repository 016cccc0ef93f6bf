/** Reads a stretch of the log once, for a join whose snapshot is older than what memory holds. */
import type { Broker, LogRecord, TopicPartition } from '../../streams/runtime/broker';
import { partitionName } from '../../streams/runtime/broker';
import { EdgeError } from '../errors';
import { limits } from '../limits';

/** The offsets from `from` up to, but not with, `to`. */
export interface Gap extends TopicPartition {
  readonly from: number;
  readonly to: number;
}

/**
 * The records of the gaps that `keep` wants, in log order per partition. Rejects with
 * `VIEWS_BEHIND` when that would take more records or time than a join is worth.
 */
export async function readGaps(
  broker: Broker,
  gaps: readonly Gap[],
  keep: (record: LogRecord) => boolean,
): Promise<readonly LogRecord[]> {
  const offsets = gaps.reduce((sum, { from, to }) => sum + to - from, 0);
  if (offsets > limits.gapRecordsMax) throw new EdgeError('VIEWS_BEHIND');
  const open = new Map(gaps.map((gap) => [partitionName(gap), gap]));
  const kept: LogRecord[] = [];
  const deadline = Date.now() + limits.gapReadMs;
  const reader = broker.openReader();
  try {
    for (const gap of gaps) reader.assign(gap, gap.from);
    while (open.size > 0) {
      const leftMs = deadline - Date.now();
      if (leftMs <= 0) throw new EdgeError('VIEWS_BEHIND');
      for (const fetched of await reader.poll(leftMs)) {
        const gap = open.get(partitionName(fetched));
        if (gap === undefined) continue;
        kept.push(...fetched.records.filter((record) => record.offset < gap.to && keep(record)));
        if (fetched.nextOffset < gap.to) continue;
        open.delete(partitionName(gap));
        reader.unassign(gap);
      }
    }
    return kept;
  } finally {
    await reader.close();
  }
}
