/** Writes record batches to their leader and waits for all replicas: Produce. */
import type { NewRecord } from '../../broker';
import { byTopic, type Api, type Partitioned } from './api';
import { writeRecordBatch, type BatchIdentity } from './record-batch';
import type { WireReader } from './wire-reader';

const ALL_REPLICAS = -1;

export interface ProduceBatch extends Partitioned {
  readonly records: readonly NewRecord[];
  readonly identity: BatchIdentity;
}

export interface ProduceRequest {
  readonly transactionalId: string | null;
  readonly timeoutMs: number;
  /** At most one for each partition. */
  readonly batches: readonly ProduceBatch[];
}

export interface ProduceAnswer extends Partitioned {
  readonly errorCode: number;
  readonly baseOffset: number;
  readonly message: string;
}

export const PRODUCE: Api<ProduceRequest, readonly ProduceAnswer[]> = {
  name: 'Produce',
  key: 0,
  version: 8,
  write: (writer, request) =>
    writer
      .nullableString(request.transactionalId)
      .int16(ALL_REPLICAS)
      .int32(request.timeoutMs)
      .array(byTopic(request.batches), ({ topic, partitions }) =>
        writer.string(topic).array(partitions, ({ partition, records, identity }) => {
          writer.int32(partition);
          const sizePlace = writer.placeholder32();
          const start = writer.length;
          writeRecordBatch(writer, records, identity);
          writer.setInt32(sizePlace, writer.length - start);
        }),
      ),
  read: (reader) =>
    reader
      .array(() => {
        const topic = reader.string();
        return reader.array(() => readPartition(reader, topic));
      })
      .flat(),
};

function readPartition(reader: WireReader, topic: string): ProduceAnswer {
  const partition = reader.int32();
  const errorCode = reader.int16();
  const baseOffset = reader.int64();
  reader.int64();
  reader.int64();
  reader.array(() => [reader.int32(), reader.nullableString()]);
  const message = reader.nullableString() ?? '';
  return { topic, partition, errorCode, baseOffset, message };
}
