/** Reads records off a leader: Fetch, without a fetch session. */
import type { Isolation } from '../../broker';
import { byTopic, type Api, type Partitioned } from './api';
import { throwIfFailed } from './error-codes';
import type { AbortedTransaction } from './record-batch-reader';
import type { WireReader } from './wire-reader';

const NO_REPLICA = -1;
const ISOLATION_LEVELS: Readonly<Record<Isolation, number>> = {
  read_uncommitted: 0,
  read_committed: 1,
};
const NO_SESSION_ID = 0;
const NO_SESSION_EPOCH = -1;
const NO_LOG_START = -1;

export interface FetchPosition extends Partitioned {
  readonly offset: number;
  /** The leadership that the position was learned under; the broker refuses an older one. */
  readonly leaderEpoch: number;
}

export interface FetchRequest {
  readonly maxWaitMs: number;
  readonly bytesMax: number;
  readonly partitionBytesMax: number;
  readonly isolation: Isolation;
  /** Served in this order until `bytesMax` is reached. */
  readonly positions: readonly FetchPosition[];
}

export interface FetchAnswer extends Partitioned {
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  /** Empty where all is read: then nothing is left out. */
  readonly aborted: readonly AbortedTransaction[];
  /** Record batches; the last one may be cut. */
  readonly bytes: Buffer;
}

export const FETCH: Api<FetchRequest, readonly FetchAnswer[]> = {
  name: 'Fetch',
  key: 1,
  version: 11,
  write: (writer, request) =>
    writer
      .int32(NO_REPLICA)
      .int32(request.maxWaitMs)
      .int32(1)
      .int32(request.bytesMax)
      .int8(ISOLATION_LEVELS[request.isolation])
      .int32(NO_SESSION_ID)
      .int32(NO_SESSION_EPOCH)
      .array(byTopic(request.positions), ({ topic, partitions }) =>
        writer
          .string(topic)
          .array(partitions, ({ partition, offset, leaderEpoch }) =>
            writer
              .int32(partition)
              .int32(leaderEpoch)
              .int64(offset)
              .int64(NO_LOG_START)
              .int32(request.partitionBytesMax),
          ),
      )
      .int32(0)
      .string(''),
  read: (reader) => {
    reader.int32();
    throwIfFailed(reader.int16(), 'Fetch');
    reader.int32();
    return reader
      .array(() => {
        const topic = reader.string();
        return reader.array(() => readPartition(reader, topic));
      })
      .flat();
  },
};

function readPartition(reader: WireReader, topic: string): FetchAnswer {
  const partition = reader.int32();
  const errorCode = reader.int16();
  const highWatermark = reader.int64();
  const lastStableOffset = reader.int64();
  reader.int64();
  const aborted = reader.array(() => ({
    producerId: reader.int64(),
    firstOffset: reader.int64(),
  }));
  reader.int32();
  const bytes = reader.sizedBytes();
  return { topic, partition, errorCode, highWatermark, lastStableOffset, aborted, bytes };
}
