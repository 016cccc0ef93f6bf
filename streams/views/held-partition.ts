/** A partition that this instance was given, and how far it has come in it. */
import type { TopicPartition } from '../runtime/broker';

export interface HeldPartition extends TopicPartition {
  /** Where Postgres stands: the next batch begins here. */
  committed: number;
  /** How far was read; past `committed` when only control records follow. */
  read: number;
  /** High watermark when it was last read. */
  highWatermark: number;
}
