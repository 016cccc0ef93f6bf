/**
 * Owns one transactional id: its fence and the one transaction that may be open. What always holds:
 * what a commit writes is visible with its offsets or not at all (E1); the id is fenced before
 * anything is written (E2); after any rejection the producer is spent and its sockets are gone, so
 * that no late request can reach the next transaction (E3).
 *
 * ```
 *            commit                       committed
 *   idle ─────────────▶ writing ─▶ ending ──────────▶ idle
 *                          │          │
 *                     fail │          │ no answer, refused
 *                          ▼          ▼
 *                        spent ◀──────┘
 * ```
 */
import { partitionName, type NewRecord, type TransactionalProducer } from '../broker';
import { messageOf, RuntimeError } from '../errors';
import { KAFKA_LIMITS } from '../limits';
import type { Cluster } from './cluster';
import { ConnectionLost, KafkaError, type KafkaErrorName } from './protocol/error-codes';
import type { TransactionIdentity } from './protocol/transaction-apis';
import { RecordSender } from './record-sender';
import { asRuntimeError } from './retry';
import { TransactionCoordinator } from './transaction-coordinator';

type Transaction = Parameters<TransactionalProducer['commit']>[0];
type State = 'idle' | 'writing' | 'ending' | 'spent';

const MOVES: Readonly<Record<State, readonly State[]>> = {
  idle: ['writing', 'spent'],
  writing: ['ending', 'spent'],
  ending: ['idle', 'spent'],
  spent: ['spent'],
};

/** A newer producer of the id has been opened, or the coordinator ended the transaction itself. */
const FENCES: ReadonlySet<KafkaErrorName> = new Set(['PRODUCER_FENCED', 'INVALID_PRODUCER_EPOCH']);

/** The group has gone on without the member. */
const EXPELLED: ReadonlySet<KafkaErrorName> = new Set(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION']);

/** The record, not the transaction, is at fault: writing it again would fail again. */
const UNWRITABLE: ReadonlySet<KafkaErrorName> = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'OFFSET_METADATA_TOO_LARGE',
]);

export async function openTransactionalProducer(
  cluster: Cluster,
  transactionalId: string,
): Promise<TransactionalProducer> {
  const coordinator = new TransactionCoordinator(cluster, transactionalId);
  try {
    const identity = await coordinator.init();
    return new KafkaTransactionalProducer(cluster, coordinator, identity);
  } catch (error) {
    coordinator.close();
    throw asRuntimeError(error, `Opening transactional id ${transactionalId}`);
  }
}

class KafkaTransactionalProducer implements TransactionalProducer {
  private state: State = 'idle';
  private readonly sender: RecordSender;

  constructor(
    private readonly cluster: Cluster,
    private readonly coordinator: TransactionCoordinator,
    private readonly identity: TransactionIdentity,
  ) {
    this.sender = new RecordSender(cluster, identity);
  }

  async commit(transaction: Transaction): Promise<void> {
    this.move('writing');
    const startedAt = this.cluster.clock.now();
    try {
      await this.write(transaction);
    } catch (error) {
      throw await this.discardUnfinished(error, startedAt);
    }
    this.move('ending');
    try {
      await this.coordinator.commit(this.identity);
    } catch (error) {
      throw this.discardEnding(error, startedAt);
    }
    this.move('idle');
  }

  close(): Promise<void> {
    this.spend();
    return Promise.resolve();
  }

  /**
   * 1. Tell the coordinator of the partitions, so that it can end the transaction in all of them.
   * 2. Write the records; meanwhile tell it of the group.
   * 3. Write the offsets, which may depend on where the records went (S1).
   */
  private async write(transaction: Transaction): Promise<void> {
    const { coordinator, identity } = this;
    const { records, group } = transaction;
    if (records.length > 0) await coordinator.addPartitions(identity, partitionsOf(records));
    const [sent, added] = await Promise.allSettled([
      this.sender.send(records),
      coordinator.addOffsets(identity, group),
    ]);
    if (sent.status === 'rejected') throw sent.reason;
    if (added.status === 'rejected') throw added.reason;
    await coordinator.commitOffsets(identity, transaction, transaction.offsets(sent.value));
  }

  /** Nothing asked for a commit, so nothing can be committed; says so once the abort is confirmed. */
  private async discardUnfinished(cause: unknown, startedAt: number): Promise<Error> {
    const fenced = this.fencedBy(cause, startedAt);
    if (fenced !== undefined) {
      this.spend();
      return fenced;
    }
    try {
      await this.coordinator.abort(this.identity);
      return this.aborted(cause);
    } catch (error) {
      const reason = error instanceof RuntimeError ? error.cause : error;
      const overtaken = this.fencedBy(reason, startedAt);
      return overtaken ?? this.failure('UNKNOWN_OUTCOME', cause, 'its abort was not confirmed');
    } finally {
      this.spend();
    }
  }

  private discardEnding(cause: unknown, startedAt: number): Error {
    this.spend();
    const fenced = this.fencedBy(cause, startedAt);
    if (fenced !== undefined) return fenced;
    const refused = cause instanceof KafkaError && cause.verdict === 'refused';
    return refused
      ? this.failure('ABORTED', cause, 'the commit was refused')
      : this.failure('UNKNOWN_OUTCOME', cause, 'the commit was not answered');
  }

  private aborted(cause: unknown): Error {
    if (cause instanceof KafkaError && UNWRITABLE.has(cause.kind)) {
      return this.failure('RECORD_TOO_LARGE', cause, 'a record cannot be written');
    }
    if (cause instanceof KafkaError && EXPELLED.has(cause.kind)) {
      return this.failure('FENCED', cause, 'the group has gone on without this member');
    }
    const expected = cause instanceof KafkaError || cause instanceof ConnectionLost;
    return expected ? this.failure('ABORTED', cause, 'aborted') : asRuntimeError(cause, 'Commit');
  }

  /**
   * The same answer stands for two causes: another instance opened the id, or this transaction ran
   * over its timeout and the coordinator aborted it. The second is told by how long it took.
   */
  private fencedBy(cause: unknown, startedAt: number): Error | undefined {
    if (!(cause instanceof KafkaError) || !FENCES.has(cause.kind)) return undefined;
    const tookMs = this.cluster.clock.now() - startedAt;
    return tookMs < KAFKA_LIMITS.transactionTimeoutMs
      ? this.failure('FENCED', cause, 'another instance has the id')
      : this.failure('ABORTED', cause, `timed out after ${tookMs} ms`);
  }

  private failure(
    code: 'FENCED' | 'ABORTED' | 'UNKNOWN_OUTCOME' | 'RECORD_TOO_LARGE',
    cause: unknown,
    what: string,
  ): Error {
    const { transactionalId } = this.identity;
    const message = `Transaction of ${transactionalId}: ${what}: ${messageOf(cause)}`;
    return new RuntimeError(code, message, { cause });
  }

  private spend(): void {
    this.move('spent');
    this.sender.close();
    this.coordinator.close();
  }

  private move(to: State): void {
    if (!MOVES[this.state].includes(to)) {
      const message = `${this.identity.transactionalId}: a producer that is ${this.state} cannot be ${to}`;
      throw new RuntimeError('PROTOCOL', message);
    }
    this.state = to;
  }
}

function partitionsOf(records: readonly NewRecord[]): readonly NewRecord[] {
  const partitions = new Map<string, NewRecord>();
  let last: NewRecord | undefined;
  for (const record of records) {
    // Most records follow one of the same partition: the changelog's come in a row.
    if (last?.topic === record.topic && last.partition === record.partition) continue;
    partitions.set(partitionName(record), record);
    last = record;
  }
  return [...partitions.values()];
}
