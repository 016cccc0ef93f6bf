/** Offsets of partitions and of groups: ListOffsets, OffsetFetch. */
import { byTopic, type Api, type Partitioned } from './api';
import { throwIfFailed } from './error-codes';

const NO_REPLICA = -1;
/**
 * The id of a replica that no broker has. Whoever asks as a replica is told the log end offset; a
 * consumer is told the high watermark.
 */
const SOME_REPLICA = 0x7fff_ffff;
const READ_UNCOMMITTED = 0;
const READ_COMMITTED = 1;
const EARLIEST = -2;
const LATEST = -1;

export interface OffsetAnswer extends Partitioned {
  readonly errorCode: number;
  readonly offset: number;
}

/**
 * Of a partition: its first offset; its high watermark, open transactions included; its log
 * end offset, with what is not on all replicas yet (T1); or its last stable offset, where
 * read_committed comes to an end.
 */
export type LogEdge = 'start' | 'end' | 'written' | 'stable';

export const LIST_OFFSETS: Api<
  { readonly edge: LogEdge; readonly partitions: readonly Partitioned[] },
  readonly OffsetAnswer[]
> = {
  name: 'ListOffsets',
  key: 2,
  version: 3,
  write: (writer, { edge, partitions: all }) =>
    writer
      .int32(edge === 'written' ? SOME_REPLICA : NO_REPLICA)
      .int8(edge === 'stable' ? READ_COMMITTED : READ_UNCOMMITTED)
      .array(byTopic(all), ({ topic, partitions }) =>
        writer
          .string(topic)
          .array(partitions, ({ partition }) =>
            writer.int32(partition).int64(edge === 'start' ? EARLIEST : LATEST),
          ),
      ),
  read: (reader) => {
    reader.int32();
    return reader
      .array(() => {
        const topic = reader.string();
        return reader.array(() => {
          const partition = reader.int32();
          const errorCode = reader.int16();
          reader.int64();
          return { topic, partition, errorCode, offset: reader.int64() };
        });
      })
      .flat();
  },
};

export interface GroupOffset extends Partitioned {
  /** -1 where the group has none. */
  readonly offset: number;
  readonly metadata: string;
}

/**
 * A group's offsets. They are asked for as stable: while a transaction that moves them is still
 * open the coordinator answers UNSTABLE_OFFSET_COMMIT instead of the offsets before it.
 */
export const OFFSET_FETCH: Api<
  { readonly group: string; readonly partitions: readonly Partitioned[] },
  readonly GroupOffset[]
> = {
  name: 'OffsetFetch',
  key: 9,
  version: 7,
  flexible: true,
  write: (writer, request) =>
    writer
      .compactString(request.group)
      .compactArray(byTopic(request.partitions), ({ topic, partitions }) =>
        writer
          .compactString(topic)
          .compactArray(partitions, ({ partition }) => writer.int32(partition))
          .noTags(),
      )
      .boolean(true)
      .noTags(),
  read: (reader) => {
    reader.int32();
    const offsets = reader.compactArray(() => {
      const topic = reader.compactString();
      const partitions = reader.compactArray(() => {
        const partition = reader.int32();
        const offset = reader.int64();
        reader.int32();
        const metadata = reader.compactNullableString() ?? '';
        throwIfFailed(reader.int16(), `OffsetFetch of ${topic}-${partition}`);
        reader.skipTags();
        return { topic, partition, offset, metadata };
      });
      reader.skipTags();
      return partitions;
    });
    throwIfFailed(reader.int16(), 'OffsetFetch');
    return offsets.flat();
  },
};
