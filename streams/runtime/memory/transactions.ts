/**
 * The transaction coordinator: who may write under a transactional id, and how a transaction ends.
 *
 *            write, offsets          end                    all markers written
 *   idle ─────────────────▶ open ─────────────▶ ending ───────────────────────▶ idle
 *                             │ init of a newer one, timeout: epoch + 1, abort ▲
 *                             └────────────────▶ ending ────────────────────────┘
 *
 * What always holds: only the newest epoch of an id writes; the outcome is decided once, before the
 * first marker; offsets become visible with their marker; while markers are being written the
 * coordinator answers CONCURRENT_TRANSACTIONS to everything else.
 */
import {
  partitionName,
  type GroupMemberId,
  type NewRecord,
  type OffsetToCommit,
  type TopicPartition,
  type TransactionalProducer,
} from '../broker';
import type { PartitionLog } from './partition-log';

/** The coordinator is still busy with the last transaction of the id: retry. */
export class ConcurrentTransactions extends Error {
  override readonly name = 'ConcurrentTransactions';
}

/** A newer epoch has the id, by another instance or because the transaction ran out of time. */
export class StaleEpoch extends Error {
  override readonly name = 'StaleEpoch';
}

/** The group has gone on without the member whose offsets these are. */
export class StaleMember extends Error {
  override readonly name = 'StaleMember';
}

export interface ProducerIdentity {
  readonly transactionalId: string;
  readonly epoch: number;
}

type Committing = Parameters<TransactionalProducer['commit']>[0];

export type TransactionOutcome = 'committed' | 'aborted';

export interface TransactionsOptions {
  /** The brokers' clock. */
  now(): number;
  logOf(place: TopicPartition): PartitionLog;
  /** Whether offsets of this member of the group may still count. */
  acceptsMember(group: string, member: GroupMemberId): boolean;
  commitOffsets(group: string, offsets: readonly OffsetToCommit[]): void;
  /** Writes a marker now or later; one per partition, in any order. */
  scheduleMarker(write: () => void): void;
  readonly timeoutMs: number;
}

interface Transaction {
  readonly number: number;
  readonly startedAt: number;
  readonly logs: Map<string, PartitionLog>;
  readonly offsets: { readonly group: string; readonly offsets: readonly OffsetToCommit[] }[];
}

type ProducerState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'open'; readonly transaction: Transaction }
  | { readonly kind: 'ending'; readonly transaction: Transaction };

interface Producer {
  epoch: number;
  state: ProducerState;
}

const IDLE: ProducerState = { kind: 'idle' };

export class Transactions {
  private readonly producers = new Map<string, Producer>();
  private lastNumber = 0;

  constructor(private readonly options: TransactionsOptions) {}

  /** Fences every earlier producer of the id. Throws ConcurrentTransactions until it is idle. */
  init(transactionalId: string): ProducerIdentity {
    const producer = this.producers.get(transactionalId) ?? { epoch: 0, state: IDLE };
    this.producers.set(transactionalId, producer);
    if (producer.state.kind === 'open') this.fenceOut(producer, producer.state.transaction);
    if (isEnding(producer)) throw new ConcurrentTransactions(transactionalId);
    producer.epoch += 1;
    return { transactionalId, epoch: producer.epoch };
  }

  /** Gives the offset of each record, in their order. */
  write(identity: ProducerIdentity, records: readonly NewRecord[]): readonly number[] {
    const { number, logs } = this.opened(identity);
    const now = this.options.now();
    return records.map((record) => {
      const log = this.options.logOf(record);
      logs.set(partitionName(record), log);
      return log.append(record, now, number);
    });
  }

  /** Throws StaleMember. */
  addOffsets(
    identity: ProducerIdentity,
    { group, member }: Pick<Committing, 'group' | 'member'>,
    offsets: readonly OffsetToCommit[],
  ): void {
    const transaction = this.opened(identity);
    if (member !== undefined && !this.options.acceptsMember(group, member)) {
      throw new StaleMember(`${member.memberId} of generation ${member.generation}`);
    }
    transaction.offsets.push({ group, offsets });
  }

  /** Ids whose transaction is open, and not ending yet. */
  get openIds(): readonly string[] {
    return [...this.producers].flatMap(([id, { state }]) => (state.kind === 'open' ? [id] : []));
  }

  /** Whether a transaction may still move the group's offset of one of these partitions. */
  isMoving(group: string, partitions: readonly TopicPartition[]): boolean {
    const names = new Set(partitions.map(partitionName));
    return [...this.producers.values()].some(
      ({ state }) =>
        state.kind !== 'idle' &&
        state.transaction.offsets.some(
          (each) => each.group === group && each.offsets.some((at) => names.has(partitionName(at))),
        ),
    );
  }

  /** Decides; the markers follow. Without an open transaction there is nothing to end. */
  end(identity: ProducerIdentity, outcome: TransactionOutcome): void {
    const producer = this.current(identity);
    if (producer.state.kind === 'open') this.finish(producer, producer.state.transaction, outcome);
  }

  /** Aborts what has been open for too long, as the coordinator does on its own. */
  expire(): void {
    const oldest = this.options.now() - this.options.timeoutMs;
    for (const producer of this.producers.values()) {
      const { state } = producer;
      if (state.kind === 'open' && state.transaction.startedAt <= oldest) {
        this.fenceOut(producer, state.transaction);
      }
    }
  }

  private current({ transactionalId, epoch }: ProducerIdentity): Producer {
    const producer = this.producers.get(transactionalId);
    if (producer?.epoch !== epoch) throw new StaleEpoch(transactionalId);
    if (producer.state.kind === 'ending') throw new ConcurrentTransactions(transactionalId);
    return producer;
  }

  private opened(identity: ProducerIdentity): Transaction {
    const producer = this.current(identity);
    if (producer.state.kind === 'open') return producer.state.transaction;
    this.lastNumber += 1;
    const transaction = {
      number: this.lastNumber,
      startedAt: this.options.now(),
      logs: new Map<string, PartitionLog>(),
      offsets: [],
    };
    producer.state = { kind: 'open', transaction };
    return transaction;
  }

  private fenceOut(producer: Producer, transaction: Transaction): void {
    producer.epoch += 1;
    this.finish(producer, transaction, 'aborted');
  }

  private finish(producer: Producer, transaction: Transaction, outcome: TransactionOutcome): void {
    producer.state = { kind: 'ending', transaction };
    const { number, logs, offsets } = transaction;
    const markers = [...logs.values()].map((log) => () => log.mark(number, outcome));
    markers.push(() => {
      if (outcome === 'aborted') return;
      for (const each of offsets) this.options.commitOffsets(each.group, each.offsets);
    });
    let missing = markers.length;
    for (const marker of markers) {
      this.options.scheduleMarker(() => {
        marker();
        missing -= 1;
        if (missing === 0) producer.state = IDLE;
      });
    }
  }
}

function isEnding({ state }: Producer): boolean {
  return state.kind === 'ending';
}
