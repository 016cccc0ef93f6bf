/**
 * Owns one transactional producer's conversation with its two coordinators: that of the transaction
 * and that of the group. What always holds: a step is retried only when the coordinator said
 * that it was not done; for a step without an answer the caller alone knows what it means.
 */
import type { OffsetToCommit, TopicPartition, TransactionalProducer } from '../broker';
import { KAFKA_LIMITS } from '../limits';
import type { Cluster } from './cluster';
import { NodeConnections } from './node-connections';
import type { Api } from './protocol/api';
import type { CoordinatorKind } from './protocol/cluster-apis';
import { KafkaError } from './protocol/error-codes';
import {
  ADD_OFFSETS_TO_TXN,
  ADD_PARTITIONS_TO_TXN,
  END_TXN,
  INIT_PRODUCER_ID,
  TXN_OFFSET_COMMIT,
  type TransactionIdentity,
} from './protocol/transaction-apis';
import { backoffMs, retryTransient } from './retry';

type Transaction = Parameters<TransactionalProducer['commit']>[0];

export class TransactionCoordinator {
  private readonly connections: NodeConnections;
  private readonly nodes = new Map<string, number>();

  constructor(
    private readonly cluster: Cluster,
    private readonly transactionalId: string,
  ) {
    this.connections = new NodeConnections(cluster);
  }

  /**
   * E2: fences every earlier producer of the id and ends what it left open. Retried after any
   * outcome: doing it twice only fences the first answer, which nobody has.
   */
  async init(): Promise<TransactionIdentity> {
    const { transactionalId } = this;
    const { transactionTimeoutMs } = KAFKA_LIMITS;
    const what = `Init of transactional id ${transactionalId}`;
    const identity = await retryTransient({ clock: this.cluster.clock, what }, () =>
      this.askOnce('transaction', transactionalId, INIT_PRODUCER_ID, {
        transactionalId,
        transactionTimeoutMs,
      }),
    );
    return { ...identity, transactionalId };
  }

  async addPartitions(
    identity: TransactionIdentity,
    partitions: readonly TopicPartition[],
  ): Promise<void> {
    await this.ask('transaction', this.transactionalId, ADD_PARTITIONS_TO_TXN, {
      ...identity,
      partitions,
    });
  }

  async addOffsets(identity: TransactionIdentity, group: string): Promise<void> {
    await this.ask('transaction', this.transactionalId, ADD_OFFSETS_TO_TXN, { ...identity, group });
  }

  async commitOffsets(
    identity: TransactionIdentity,
    { group, member }: Pick<Transaction, 'group' | 'member'>,
    offsets: readonly OffsetToCommit[],
  ): Promise<void> {
    const request = { ...identity, group, ...(member === undefined ? {} : { member }), offsets };
    await this.ask('group', group, TXN_OFFSET_COMMIT, request);
  }

  async commit(identity: TransactionIdentity): Promise<void> {
    await this.ask('transaction', this.transactionalId, END_TXN, { ...identity, commit: true });
  }

  /** Resolves once the coordinator has confirmed. Retried after any outcome: may be done twice. */
  async abort(identity: TransactionIdentity): Promise<void> {
    const { clock } = this.cluster;
    const what = `Abort of ${this.transactionalId}`;
    const timeoutMs = KAFKA_LIMITS.endTransactionTimeoutMs;
    await retryTransient({ clock, what, timeoutMs }, () =>
      this.askOnce('transaction', this.transactionalId, END_TXN, { ...identity, commit: false }),
    );
  }

  close(): void {
    this.connections.close();
  }

  /** Retries while the coordinator says "not here" or "not yet"; others reject as they are. */
  private async ask<Request, Response>(
    kind: CoordinatorKind,
    id: string,
    api: Api<Request, Response>,
    request: Request,
  ): Promise<Response> {
    const { clock } = this.cluster;
    const giveUpAt = clock.now() + KAFKA_LIMITS.transactionTimeoutMs;
    for (let retry = 0; ; retry++) {
      try {
        return await this.askOnce(kind, id, api, request);
      } catch (error) {
        const undone =
          error instanceof KafkaError && (error.verdict === 'moved' || error.verdict === 'wait');
        if (!undone || clock.now() > giveUpAt) throw error;
        await clock.sleep(backoffMs(retry));
      }
    }
  }

  private async askOnce<Request, Response>(
    kind: CoordinatorKind,
    id: string,
    api: Api<Request, Response>,
    request: Request,
  ): Promise<Response> {
    const name = `${kind} ${id}`;
    const node = this.nodes.get(name) ?? (await this.cluster.findCoordinator(kind, id));
    this.nodes.set(name, node);
    try {
      const connection = await this.connections.to(node);
      return await connection.call(api, request);
    } catch (error) {
      this.nodes.delete(name);
      throw error;
    }
  }
}
