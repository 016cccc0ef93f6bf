/**
 * Owns the way of one transactional producer's records to their leaders, and their sequence
 * numbers. What always holds: a batch is sent once and never again (E1: sent twice, a record could
 * stand twice in one transaction); `send` settles only when every request it made has, so that none
 * is still in flight when the caller ends the transaction.
 */
import { partitionName, type NewRecord, type TopicPartition } from '../broker';
import { KAFKA_LIMITS } from '../limits';
import type { Cluster } from './cluster';
import { NodeConnections } from './node-connections';
import { throwIfFailed } from './protocol/error-codes';
import { PRODUCE, type ProduceBatch } from './protocol/produce-api';
import { recordBytes } from './protocol/record-batch';
import type { TransactionIdentity } from './protocol/transaction-apis';

/** Sequence numbers are 31 bits and wrap to 0. */
const SEQUENCES = 2 ** 31;

/** Records of one partition, with the places they had in the caller's list. */
interface Run extends TopicPartition {
  readonly records: NewRecord[];
  readonly places: number[];
  bytes: number;
}

/** Goes out in one request: at most one run for each partition, all led by the same broker. */
interface Round {
  readonly runs: Map<string, Run>;
  bytes: number;
}

/** Where the records of one partition go: to its leader, in the rounds of that. */
interface Route extends TopicPartition {
  readonly name: string;
  readonly rounds: Round[];
}

export class RecordSender {
  private readonly connections: NodeConnections;
  private readonly sequences = new Map<string, number>();

  constructor(
    private readonly cluster: Cluster,
    private readonly identity: TransactionIdentity,
  ) {
    this.connections = new NodeConnections(cluster);
  }

  /** The offsets of `records`, in their order. After a rejection the sender is of no more use. */
  async send(records: readonly NewRecord[]): Promise<readonly number[]> {
    const written = new Array<number>(records.length).fill(-1);
    const leaders = await this.planRounds(records);
    const outcomes = await Promise.allSettled(
      [...leaders].map(([nodeId, rounds]) => this.sendTo(nodeId, rounds, written)),
    );
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    return written;
  }

  close(): void {
    this.connections.close();
  }

  private async planRounds(
    records: readonly NewRecord[],
  ): Promise<ReadonlyMap<number, readonly Round[]>> {
    const leaders = new Map<number, Round[]>();
    const routes = new Map<string, Route>();
    let route: Route | undefined;
    for (const [place, record] of records.entries()) {
      // Most records follow one of the same partition: the changelog's come in a row.
      if (route?.topic !== record.topic || route.partition !== record.partition) {
        route = routes.get(partitionName(record)) ?? (await this.routeOf(record, leaders));
        routes.set(route.name, route);
      }
      addToRound(route, record, place);
    }
    return leaders;
  }

  private async routeOf(
    { topic, partition }: TopicPartition,
    leaders: Map<number, Round[]>,
  ): Promise<Route> {
    const { leader } = await this.cluster.findLeader({ topic, partition });
    const rounds = leaders.get(leader) ?? [];
    leaders.set(leader, rounds);
    return { topic, partition, name: partitionName({ topic, partition }), rounds };
  }

  /**
   * A leader that cannot be reached, or says that it is none, is forgotten: whoever writes there next
   * looks for the one that leads by then. Kept, every commit would go to a broker that is gone.
   */
  private async sendTo(nodeId: number, rounds: readonly Round[], written: number[]): Promise<void> {
    try {
      await this.sendRounds(nodeId, rounds, written);
    } catch (error) {
      const topics = rounds.flatMap(({ runs }) => [...runs.values()].map(({ topic }) => topic));
      for (const topic of new Set(topics)) this.cluster.forgetLeaders(topic);
      throw error;
    }
  }

  /** Pipelined: the broker keeps their order, and after a refused one refuses those behind it. */
  private async sendRounds(
    nodeId: number,
    rounds: readonly Round[],
    written: number[],
  ): Promise<void> {
    const connection = await this.connections.to(nodeId);
    const { transactionalId } = this.identity;
    const underWay = new Set<Promise<void>>();
    const failures: unknown[] = [];
    for (const { runs } of rounds) {
      if (underWay.size >= KAFKA_LIMITS.producesInFlightMax) await Promise.race(underWay);
      if (failures.length > 0) break;
      const batches = [...runs.values()].map((run) => this.batch(run));
      const request = { transactionalId, timeoutMs: KAFKA_LIMITS.requestTimeoutMs, batches };
      const one: Promise<void> = connection
        .call(PRODUCE, request)
        .then((answers) => {
          for (const { topic, partition, errorCode, baseOffset, message } of answers) {
            const name = partitionName({ topic, partition });
            throwIfFailed(errorCode, `Produce to ${name} ${message}`);
            const places = runs.get(name)?.places ?? [];
            for (const [delta, place] of places.entries()) written[place] = baseOffset + delta;
          }
        })
        .catch((error: unknown) => void failures.push(error))
        .finally(() => underWay.delete(one));
      underWay.add(one);
    }
    await Promise.all(underWay);
    if (failures.length > 0) throw failures[0];
  }

  private batch({ topic, partition, records }: Run): ProduceBatch {
    const name = partitionName({ topic, partition });
    const baseSequence = this.sequences.get(name) ?? 0;
    this.sequences.set(name, (baseSequence + records.length) % SEQUENCES);
    const { producerId, producerEpoch } = this.identity;
    const timestamp = this.cluster.clock.now();
    const identity = { producerId, producerEpoch, baseSequence, transactional: true, timestamp };
    return { topic, partition, records, identity };
  }
}

/**
 * Puts the record into the last round. Only the last may grow: a record behind a later one of its
 * partition would change their order. A full round starts the next.
 */
function addToRound({ rounds, name }: Route, record: NewRecord, place: number): void {
  const bytes = recordBytes(record);
  let round = rounds.at(-1);
  let run = round?.runs.get(name);
  const full =
    round === undefined ||
    round.bytes + bytes > KAFKA_LIMITS.produceBytesMax ||
    (run !== undefined && run.bytes + bytes > KAFKA_LIMITS.batchBytesMax);
  if (full) {
    round = { runs: new Map(), bytes: 0 };
    rounds.push(round);
    run = undefined;
  }
  if (run === undefined) {
    const { topic, partition } = record;
    run = { topic, partition, records: [], places: [], bytes: 0 };
    round?.runs.set(name, run);
  }
  run.records.push(record);
  run.places.push(place);
  run.bytes += bytes;
  if (round !== undefined) round.bytes += bytes;
}
