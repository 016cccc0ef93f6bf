/**
 * The steps of a transaction: InitProducerId, AddPartitionsToTxn, AddOffsetsToTxn, TxnOffsetCommit,
 * EndTxn; and which are open: ListTransactions.
 */
import type { GroupMemberId } from '../../broker';
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
/** Says that the offsets are no member's: the coordinator does not ask whose turn it is. */
const NO_MEMBER: GroupMemberId = { memberId: '', generation: -1 };

/** The coordinator refuses those of a member that it does not count, or of an earlier generation. */
export const TXN_OFFSET_COMMIT: Api<
  TransactionIdentity & {
    readonly group: string;
    readonly member?: GroupMemberId;
    readonly offsets: readonly TransactionOffset[];
  },
  void
> = {
  name: 'TxnOffsetCommit',
  key: 28,
  version: 3,
  flexible: true,
  write: (writer, request) => {
    const { memberId, generation } = request.member ?? NO_MEMBER;
    writer
      .compactString(request.transactionalId)
      .compactString(request.group)
      .int64(request.producerId)
      .int16(request.producerEpoch)
      .int32(generation)
      .compactString(memberId)
      .compactNullableString(null)
      .compactArray(byTopic(request.offsets), ({ topic, partitions }) =>
        writer
          .compactString(topic)
          .compactArray(partitions, ({ partition, offset, metadata }) =>
            writer
              .int32(partition)
              .int64(offset)
              .int32(NO_LEADER_EPOCH)
              .compactNullableString(metadata)
              .noTags(),
          )
          .noTags(),
      )
      .noTags();
  },
  read: (reader) => {
    reader.int32();
    reader.compactArray(() => {
      const topic = reader.compactString();
      reader.compactArray(() => {
        const partition = reader.int32();
        throwIfFailed(reader.int16(), `TxnOffsetCommit of ${topic}-${partition}`);
        reader.skipTags();
      });
      reader.skipTags();
    });
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

/** Transactional ids with an open transaction that the asked broker coordinates. */
export const LIST_OPEN_TRANSACTIONS: Api<null, readonly string[]> = {
  name: 'ListTransactions',
  key: 66,
  version: 0,
  flexible: true,
  write: (writer) =>
    writer
      .compactArray(['Ongoing'], (state) => writer.compactString(state))
      .compactArray([], () => undefined)
      .noTags(),
  read: (reader) => {
    reader.int32();
    throwIfFailed(reader.int16(), 'ListTransactions');
    reader.compactArray(() => reader.compactString());
    return reader.compactArray(() => {
      const transactionalId = reader.compactString();
      reader.int64();
      reader.compactString();
      reader.skipTags();
      return transactionalId;
    });
  },
};
