/**
 * Owns the identity under which an event producer writes, and the next sequence number of each
 * partition. What always holds: a number is used up only when its batch is known to be written; once
 * that can no longer be known the whole identity is replaced, since the broker would refuse a gap
 * and drop a repeat.
 */
import { KAFKA_LIMITS } from '../limits';
import type { Cluster } from './cluster';
import { INIT_PRODUCER_ID, type ProducerIdentity } from './protocol/transaction-apis';

/** Sequence numbers are 31 bits and wrap to 0. */
const SEQUENCES = 2 ** 31;

export class ProducerSession {
  private readonly sequences = new Map<string, number>();

  constructor(readonly identity: ProducerIdentity) {}

  nextSequence(partition: string): number {
    return this.sequences.get(partition) ?? 0;
  }

  written(partition: string, records: number): void {
    this.sequences.set(partition, (this.nextSequence(partition) + records) % SEQUENCES);
  }
}

export class ProducerSessions {
  private current: Promise<ProducerSession> | undefined;

  constructor(private readonly cluster: Cluster) {}

  async get(): Promise<ProducerSession> {
    const opening = (this.current ??= this.open());
    try {
      return await opening;
    } catch (error) {
      if (this.current === opening) this.current = undefined;
      throw error;
    }
  }

  /** Batches already in flight under `session` end under it; later ones get a new identity. */
  async replace(session: ProducerSession): Promise<void> {
    const current = await this.current?.catch(() => undefined);
    if (current === session) this.current = undefined;
  }

  private async open(): Promise<ProducerSession> {
    const { transactionTimeoutMs } = KAFKA_LIMITS;
    const request = { transactionalId: null, transactionTimeoutMs };
    return new ProducerSession(await this.cluster.ask(INIT_PRODUCER_ID, request));
  }
}
