/** The steps of a transaction: InitProducerId, AddPartitionsToTxn, AddOffsetsToTxn, TxnOffsetCommit, EndTxn. */
import { byTopic, type Api, type Partitioned } from './api';
import { throwIfFailed } from './error-codes';
import type { WireReader } from './wire-reader';
import type { WireWriter } from './wire-writer';

export interface ProducerIdentity {
  readonly producerId: number;
  readonly producerEpoch: number;
}

export interface TransactionIdentity extends ProducerIdentity {
  readonly transactionalId: string;
}

function writeIdentity(writer: WireWriter, identity: TransactionIdentity): WireWriter {
  return writer
    .string(identity.transactionalId)
    .int64(identity.producerId)
    .int16(identity.producerEpoch);
}

/** Answers with one error code a partition throw for the first that failed. */
function readPartitionErrors(reader: WireReader, what: string): void {
  reader.array(() => {
    const topic = reader.string();
    reader.array(() => {
      const partition = reader.int32();
      throwIfFailed(reader.int16(), `${what} of ${topic}-${partition}`);
    });
  });
}

export const INIT_PRODUCER_ID: Api<
  { readonly transactionalId: string | null; readonly transactionTimeoutMs: number },
  ProducerIdentity
> = {
  name: 'InitProducerId',
  key: 22,
  version: 1,
  write: (writer, { transactionalId, transactionTimeoutMs }) =>
    writer.nullableString(transactionalId).int32(transactionTimeoutMs),
  read: (reader) => {
    reader.int32();
    throwIfFailed(reader.int16(), 'InitProducerId');
    return { producerId: reader.int64(), producerEpoch: reader.int16() };
  },
};

export const ADD_PARTITIONS_TO_TXN: Api<
  TransactionIdentity & { readonly partitions: readonly Partitioned[] },
  void
> = {
  name: 'AddPartitionsToTxn',
  key: 24,
  version: 2,
  write: (writer, request) =>
    writeIdentity(writer, request).array(byTopic(request.partitions), ({ topic, partitions }) =>
      writer.string(topic).array(partitions, ({ partition }) => writer.int32(partition)),
    ),
  read: (reader) => {
    reader.int32();
    readPartitionErrors(reader, 'AddPartitionsToTxn');
  },
};

export const ADD_OFFSETS_TO_TXN: Api<TransactionIdentity & { readonly group: string }, void> = {
  name: 'AddOffsetsToTxn',
  key: 25,
  version: 2,
  write: (writer, request) => writeIdentity(writer, request).string(request.group),
  read: (reader) => {
    reader.int32();
    throwIfFailed(reader.int16(), 'AddOffsetsToTxn');
  },
};

export interface TransactionOffset extends Partitioned {
  readonly offset: number;
  readonly metadata: string;
}

const NO_LEADER_EPOCH = -1;

export const TXN_OFFSET_COMMIT: Api<
  TransactionIdentity & {
    readonly group: string;
    readonly offsets: readonly TransactionOffset[];
  },
  void
> = {
  name: 'TxnOffsetCommit',
  key: 28,
  version: 2,
  write: (writer, request) =>
    writer
      .string(request.transactionalId)
      .string(request.group)
      .int64(request.producerId)
      .int16(request.producerEpoch)
      .array(byTopic(request.offsets), ({ topic, partitions }) =>
        writer
          .string(topic)
          .array(partitions, ({ partition, offset, metadata }) =>
            writer.int32(partition).int64(offset).int32(NO_LEADER_EPOCH).nullableString(metadata),
          ),
      ),
  read: (reader) => {
    reader.int32();
    readPartitionErrors(reader, 'TxnOffsetCommit');
  },
};

export const END_TXN: Api<TransactionIdentity & { readonly commit: boolean }, void> = {
  name: 'EndTxn',
  key: 26,
  version: 2,
  write: (writer, request) => writeIdentity(writer, request).boolean(request.commit),
  read: (reader) => {
    reader.int32();
    throwIfFailed(reader.int16(), 'EndTxn');
  },
};
