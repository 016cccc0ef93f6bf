/**
 * The transactional producer of one member of a group, for all its tasks: what they have to commit
 * while a transaction is under way makes up the next one. A transaction costs its round trips and its
 * markers once, however many tasks are in it.
 *
 * ```
 *   task 0 ──┐
 *   task 1 ──┼─▶ waiting ──▶ one transaction at a time ──▶ all of it, or none
 *   task 2 ──┘
 * ```
 *
 * Its transactional id is the member's own, so it fences nobody. Who may commit for a partition is the
 * group's to say: offsets count only from a member of the present generation, so a zombie's transaction
 * is refused before it can end (E2). What always holds: offsets are read after every transaction that
 * might move them has ended; a transaction that a member left open when it died is ended by whoever
 * takes its tasks; after a rejection the producer is opened anew before anything else is committed or
 * read (E3).
 */
import type { Clock } from '../../platform/clock';
import type { Broker, GroupMemberId, NewRecord, TransactionalProducer } from './broker';
import { TASK_LIMITS } from './limits';

type Transaction = Parameters<TransactionalProducer['commit']>[0];

/** What one task commits, and waits for. */
interface Part {
  readonly transaction: Transaction;
  committed(): void;
  failed(error: unknown): void;
}

export class MemberProducer {
  private readonly prefix: string;
  private member: GroupMemberId | undefined;
  private producer: Promise<TransactionalProducer> | undefined;
  private ending: Promise<void> | undefined;
  private waiting: Part[] = [];
  private isCommitting = false;

  constructor(
    private readonly broker: Broker,
    private readonly group: string,
    private readonly clock: Clock,
  ) {
    this.prefix = `${group}/`;
  }

  /** The group has gone on to another generation; as another member, it has lost all tasks of then. */
  enter(member: GroupMemberId): void {
    if (this.member !== undefined && this.member.memberId !== member.memberId) void this.close();
    this.member = member;
  }

  /**
   * E2: resolves once nothing that this member, or one that is gone, has begun can end any more. What
   * it gives is one task's share of the producer.
   */
  async open(): Promise<TransactionalProducer> {
    await this.opened();
    await this.endAbandoned();
    return { commit: (transaction) => this.commit(transaction), close: () => Promise.resolve() };
  }

  async close(): Promise<void> {
    const { producer } = this;
    this.producer = undefined;
    const [opened] = await Promise.allSettled([producer]);
    if (opened.status === 'fulfilled') await opened.value?.close();
  }

  private get transactionalId(): string {
    if (this.member === undefined) throw new Error(`nobody has joined group ${this.group}`);
    return this.prefix + this.member.memberId;
  }

  private opened(): Promise<TransactionalProducer> {
    if (this.producer !== undefined) return this.producer;
    const opening = this.broker.openProducer(this.transactionalId);
    this.producer = opening;
    opening.catch(() => this.forget(opening));
    return opening;
  }

  private forget(producer: Promise<TransactionalProducer>): void {
    if (this.producer === producer) this.producer = undefined;
  }

  /** One look for all tasks that are taken at the same time. */
  private endAbandoned(): Promise<void> {
    this.ending ??= this.endThoseOfTheGone().finally(() => (this.ending = undefined));
    return this.ending;
  }

  private async endThoseOfTheGone(): Promise<void> {
    const { broker, group, prefix } = this;
    const open = await broker.openTransactions(prefix);
    const others = open.filter((transactionalId) => transactionalId !== this.transactionalId);
    if (others.length === 0) return;
    const members = await broker.groupMembers(group);
    const abandoned = others.filter((id) => !members.includes(id.slice(prefix.length)));
    for (const transactionalId of abandoned) {
      const heir = await broker.openProducer(transactionalId);
      await heir.close();
    }
  }

  private commit(transaction: Transaction): Promise<void> {
    return new Promise((committed, failed) => {
      this.waiting.push({ transaction, committed, failed });
      if (!this.isCommitting) void this.commitAll();
    });
  }

  private async commitAll(): Promise<void> {
    this.isCommitting = true;
    while (this.waiting.length > 0) {
      const parts = this.nextParts();
      try {
        await this.commitTogether(parts);
        for (const part of parts) part.committed();
        await this.clock.sleep(TASK_LIMITS.transactionGatherMs);
      } catch (error) {
        for (const part of parts) part.failed(error);
      }
    }
    this.isCommitting = false;
  }

  /** All that waits, within what one transaction may hold; at least one. */
  private nextParts(): readonly Part[] {
    let bytes = 0;
    let count = 0;
    for (const { transaction } of this.waiting) {
      bytes += bytesOf(transaction.records);
      if (count > 0 && bytes > TASK_LIMITS.transactionBytesMax) break;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }

  private async commitTogether(parts: readonly Part[]): Promise<void> {
    const opening = this.opened();
    const producer = await opening;
    const { group, member } = this;
    const transactions = parts.map(({ transaction }) => transaction);
    try {
      await producer.commit({
        records: transactions.flatMap(({ records }) => records),
        group,
        ...(member === undefined ? {} : { member }),
        offsets: (written) => {
          let from = 0;
          return transactions.flatMap((transaction) => {
            const to = from + transaction.records.length;
            const own = written.slice(from, to);
            from = to;
            return transaction.offsets(own);
          });
        },
      });
    } catch (error) {
      this.forget(opening);
      await producer.close();
      throw error;
    }
  }
}

function bytesOf(records: readonly NewRecord[]): number {
  return records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
}
