/**
 * A transactional producer on the cluster in memory; the same states and errors as the one on
 * Kafka (kafka/transactional-producer.ts), in the same steps, so that a crash can fall between any
 * two of them: write, offsets, end.
 */
import type { OffsetToCommit, TransactionalProducer } from '../broker';
import type { Clock } from '../../../platform/clock';
import { RuntimeError } from '../errors';
import { backoffMs } from '../kafka/retry';
import { KAFKA_LIMITS } from '../limits';
import { NoAnswer, type Link, type RequestName } from './link';
import type { MemoryCluster } from './memory-cluster';
import {
  ConcurrentTransactions,
  StaleEpoch,
  StaleMember,
  type ProducerIdentity,
} from './transactions';

type Transaction = Parameters<TransactionalProducer['commit']>[0];

export interface ProducerOptions {
  readonly cluster: MemoryCluster;
  readonly link: Link;
  readonly clock: Clock;
}

/** Rejects with BROKER_UNREACHABLE. */
export async function openMemoryProducer(
  options: ProducerOptions,
  transactionalId: string,
): Promise<TransactionalProducer> {
  const { transactions } = options.cluster;
  try {
    const identity = await untilDone(options, 'init-producer', () =>
      transactions.init(transactionalId),
    );
    return new MemoryProducer(options, identity);
  } catch (error) {
    throw unreachable(error, `init of ${transactionalId}`);
  }
}

class MemoryProducer implements TransactionalProducer {
  private state: 'idle' | 'busy' | 'spent' = 'idle';

  constructor(
    private readonly options: ProducerOptions,
    private readonly identity: ProducerIdentity,
  ) {}

  async commit(transaction: Transaction): Promise<void> {
    if (this.state !== 'idle') throw this.error('PROTOCOL', `a producer that is ${this.state}`);
    this.state = 'busy';
    const startedAt = this.options.clock.now();
    try {
      await this.write(transaction);
    } catch (error) {
      this.state = 'spent';
      throw await this.discard(error, startedAt);
    }
    try {
      await this.end('commit', 'committed');
    } catch (error) {
      this.state = 'spent';
      if (error instanceof NoAnswer) throw this.error('UNKNOWN_OUTCOME', 'no answer to the commit');
      throw this.fencedBy(error, startedAt);
    }
    this.state = 'idle';
  }

  close(): Promise<void> {
    this.state = 'spent';
    return Promise.resolve();
  }

  private async write(transaction: Transaction): Promise<void> {
    const { identity, options } = this;
    const { transactions } = options.cluster;
    const { records } = transaction;
    const written = await untilDone(options, 'write', () => transactions.write(identity, records));
    const positions: readonly OffsetToCommit[] = transaction.offsets(written);
    await untilDone(options, 'add-offsets', () =>
      transactions.addOffsets(identity, transaction, positions),
    );
  }

  private end(request: 'commit' | 'abort', outcome: 'committed' | 'aborted'): Promise<void> {
    const { identity, options } = this;
    return untilDone(options, request, () => options.cluster.transactions.end(identity, outcome));
  }

  /** Nothing asked for a commit, so nothing can be committed; known once the abort is confirmed. */
  private async discard(cause: unknown, startedAt: number): Promise<unknown> {
    const isStale = cause instanceof StaleMember;
    if (!isStale && !(cause instanceof NoAnswer)) return this.fencedBy(cause, startedAt);
    try {
      await this.end('abort', 'aborted');
      return isStale
        ? this.error('FENCED', 'the group has gone on without this member')
        : this.error('ABORTED', 'a step was not answered');
    } catch (error) {
      return error instanceof NoAnswer
        ? this.error('UNKNOWN_OUTCOME', 'the abort was not answered')
        : this.fencedBy(error, startedAt);
    }
  }

  /** The coordinator fences for two causes; which one is told by how long it took. */
  private fencedBy(cause: unknown, startedAt: number): unknown {
    if (!(cause instanceof StaleEpoch)) return cause;
    const tookMs = this.options.clock.now() - startedAt;
    return tookMs < KAFKA_LIMITS.transactionTimeoutMs
      ? this.error('FENCED', 'another instance has the id')
      : this.error('ABORTED', `timed out after ${tookMs} ms`);
  }

  private error(
    code: 'PROTOCOL' | 'FENCED' | 'ABORTED' | 'UNKNOWN_OUTCOME',
    what: string,
  ): RuntimeError {
    return new RuntimeError(code, `${this.identity.transactionalId}: ${what}`);
  }
}

/** Retries while the coordinator is busy with the transaction before. */
async function untilDone<T>(
  { cluster, link, clock }: ProducerOptions,
  request: RequestName,
  serve: () => T,
): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await link.ask(request, () => {
        cluster.expire();
        return serve();
      });
    } catch (error) {
      if (!(error instanceof ConcurrentTransactions)) throw error;
      await clock.sleep(backoffMs(tries));
    }
  }
}

export function unreachable(error: unknown, what: string): unknown {
  return error instanceof NoAnswer ? new RuntimeError('BROKER_UNREACHABLE', what) : error;
}
