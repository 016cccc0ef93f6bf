/** Reads a stretch of the log once, for a join whose snapshot is older than what memory holds. */
import type { Broker, LogRecord, TopicPartition } from '../../streams/runtime/broker';
import { readStretches } from '../../streams/runtime/log-stretches';
import { timeLeft } from '../deadline';
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
  const leftMs = timeLeft(limits.gapReadMs, 'VIEWS_BEHIND');
  const stretches = gaps.map(({ topic, partition, from, to }) => {
    return { topic, partition, start: from, end: to };
  });
  const kept: LogRecord[] = [];
  for await (const { records } of readStretches(broker, stretches, leftMs)) {
    kept.push(...records.filter(keep));
  }
  return kept;
}
