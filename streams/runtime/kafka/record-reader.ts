/**
 * The port `RecordReader` on a real cluster: long polls to every leader, one fetch ahead of what
 * the caller processes. What always holds: fetches run over sockets of the reader's own, since a
 * waiting fetch holds up all behind it; a fetch is asked for only when nothing that it would bring
 * is still undelivered, so at most `fetchBytesMax` for each fetch in flight is held (B1).
 *
 * Why no more is read ahead: a fetch without the partition whose records wait here would hold the
 * leader's connection for up to `fetchWaitMs`, just when the caller comes back for more of it.
 */
import { setMaxListeners } from 'node:events';
import type { FetchedPartition, Isolation, RecordReader, TopicPartition } from '../broker';
import { RuntimeError } from '../errors';
import { KAFKA_LIMITS } from '../limits';
import type { Cluster } from './cluster';
import { NodeConnections } from './node-connections';
import { KafkaError, LEADER_NOT_AVAILABLE } from './protocol/error-codes';
import { FETCH, type FetchAnswer } from './protocol/fetch-api';
import { readRecordSet } from './protocol/record-batch-reader';
import { clearFailures, noteFailure, ReadPositions, type ReadPosition } from './read-positions';
import { backoffMs } from './retry';

export function openRecordReader(
  cluster: Cluster,
  isolation: Isolation = 'read_committed',
): RecordReader {
  return new KafkaRecordReader(cluster, isolation);
}

/** A connection to every leader, and the fetch that each is busy with. */
interface Lane {
  readonly connections: NodeConnections;
  readonly underWay: Map<number, readonly ReadPosition[]>;
}

class KafkaRecordReader implements RecordReader {
  private readonly positions = new ReadPositions();
  private readonly lanes: readonly Lane[];
  private readonly closing = new AbortController();
  private lookingUpLeaders = false;
  private fetchScheduled = false;
  private polling = false;
  private woken = false;
  /** Ends the wait of an outstanding poll. */
  private waiting = new AbortController();

  constructor(
    private readonly cluster: Cluster,
    private readonly isolation: Isolation,
  ) {
    // One wait for each partition whose broker is away; Node takes more than ten for a leak.
    setMaxListeners(Infinity, this.closing.signal);
    this.lanes = Array.from({ length: KAFKA_LIMITS.fetchesPerLeaderMax }, () => ({
      connections: new NodeConnections(cluster),
      underWay: new Map<number, readonly ReadPosition[]>(),
    }));
  }

  assign(partition: TopicPartition, offset: number): void {
    this.positions.assign(partition, offset);
    this.changed();
  }

  unassign(partition: TopicPartition): void {
    this.positions.unassign(partition);
  }

  pause(partition: TopicPartition): void {
    this.positions.setPaused(partition, true);
  }

  resume(partition: TopicPartition): void {
    this.positions.setPaused(partition, false);
    this.changed();
  }

  async poll(maxWaitMs: number): Promise<readonly FetchedPartition[]> {
    if (this.polling) throw new RuntimeError('PROTOCOL', 'One poll at a time');
    this.polling = true;
    try {
      return await this.waitForRecords(maxWaitMs);
    } finally {
      this.polling = false;
      this.woken = false;
    }
  }

  wake(): void {
    this.woken = true;
    this.waiting.abort();
  }

  close(): Promise<void> {
    this.closing.abort();
    for (const { connections } of this.lanes) connections.close();
    this.wake();
    return Promise.resolve();
  }

  private get closed(): boolean {
    return this.closing.signal.aborted;
  }

  private async waitForRecords(maxWaitMs: number): Promise<readonly FetchedPartition[]> {
    const { clock } = this.cluster;
    const giveUpAt = clock.now() + maxWaitMs;
    for (;;) {
      const fetched = this.positions.takeFetched();
      this.fetchMore();
      if (fetched.length > 0) return fetched;
      const failure = this.positions.takeFailure();
      if (failure !== undefined) throw failure;
      const waitMs = giveUpAt - clock.now();
      if (this.woken || this.closed || waitMs <= 0) return [];
      this.waiting = new AbortController();
      await clock.sleep(waitMs, this.waiting.signal);
    }
  }

  /**
   * Something may be fetched or delivered that could not be before. Later in the same turn of the
   * event loop, so that partitions assigned one after the other share a fetch.
   */
  private changed(): void {
    this.waiting.abort();
    if (this.fetchScheduled) return;
    this.fetchScheduled = true;
    queueMicrotask(() => {
      this.fetchScheduled = false;
      this.fetchMore();
    });
  }

  private fetchMore(): void {
    if (this.closed) return;
    const wanted = new Map<number, ReadPosition[]>();
    const undelivered = new Set<number>();
    const leaderless = new Set<string>();
    for (const position of this.positions) {
      if (position.paused || position.hold.kind !== 'none') continue;
      const leader = this.cluster.leaderOf(position);
      if (leader === undefined) leaderless.add(position.topic);
      else if (position.fetched !== undefined) undelivered.add(leader.leader);
      else {
        const led = wanted.get(leader.leader) ?? [];
        wanted.set(leader.leader, led);
        led.push(position);
        position.leaderEpoch = leader.leaderEpoch;
      }
    }
    for (const [nodeId, positions] of wanted) {
      if (!undelivered.has(nodeId)) this.startFetch(nodeId, positions);
    }
    if (leaderless.size > 0) void this.lookUpLeaders([...leaderless]);
  }

  private startFetch(nodeId: number, positions: readonly ReadPosition[]): void {
    const lane = this.freeLane(nodeId);
    if (lane === undefined) return;
    lane.underWay.set(nodeId, positions);
    for (const position of positions) position.hold = { kind: 'in-fetch' };
    void this.fetch(lane, nodeId, positions).finally(() => {
      if (lane.underWay.get(nodeId) === positions) lane.underWay.delete(nodeId);
      this.changed();
    });
  }

  /** An idle lane, or one whose fetch waits only for partitions that nobody wants any more. */
  private freeLane(nodeId: number): Lane | undefined {
    const idle = this.lanes.find(({ underWay }) => !underWay.has(nodeId));
    if (idle !== undefined) return idle;
    const useless = this.lanes.find(
      ({ underWay }) =>
        underWay.get(nodeId)?.some((position) => this.positions.isCurrent(position)) === false,
    );
    useless?.connections.drop(nodeId);
    return useless;
  }

  private async fetch(
    lane: Lane,
    nodeId: number,
    positions: readonly ReadPosition[],
  ): Promise<void> {
    const { fetchWaitMs, fetchBytesMax, fetchPartitionBytesMax } = KAFKA_LIMITS;
    const asked = new Map(positions.map((position) => [position.name, position]));
    try {
      const connection = await lane.connections.to(nodeId);
      const request = {
        maxWaitMs: fetchWaitMs,
        bytesMax: fetchBytesMax,
        partitionBytesMax: fetchPartitionBytesMax,
        isolation: this.isolation,
        positions,
      };
      for (const answer of await connection.call(FETCH, request, fetchWaitMs)) {
        const position = asked.get(`${answer.topic}-${answer.partition}`);
        if (position !== undefined) this.accept(position, answer);
      }
    } catch (error) {
      for (const position of positions) this.failed(position, error);
    } finally {
      for (const position of positions) {
        if (position.hold.kind === 'in-fetch') position.hold = { kind: 'none' };
      }
    }
  }

  private accept(position: ReadPosition, answer: FetchAnswer): void {
    if (!this.positions.isCurrent(position)) return;
    try {
      if (answer.errorCode !== 0) throw new KafkaError(answer.errorCode, 'Fetch');
      const fromOffset = position.offset;
      const { topic, partition, highWatermark, lastStableOffset } = answer;
      const { records, nextOffset } = readRecordSet({ ...answer, fromOffset });
      clearFailures(position);
      if (nextOffset === fromOffset) return;
      position.offset = nextOffset;
      position.fetched = {
        topic,
        partition,
        records,
        nextOffset,
        highWatermark,
        lastStableOffset,
      };
    } catch (error) {
      this.failed(position, error);
    }
  }

  private failed(position: ReadPosition, error: unknown): void {
    if (!this.positions.isCurrent(position)) return;
    this.cluster.forgetLeaders(position.topic);
    noteFailure(position, error, this.cluster.clock.now());
    if (position.hold.kind === 'backoff') void this.resumeAfterBackoff(position);
  }

  private async resumeAfterBackoff(position: ReadPosition): Promise<void> {
    await this.cluster.clock.sleep(backoffMs(position.failures - 1), this.closing.signal);
    position.hold = { kind: 'none' };
    this.fetchMore();
  }

  private async lookUpLeaders(topics: readonly string[]): Promise<void> {
    if (this.lookingUpLeaders) return;
    this.lookingUpLeaders = true;
    const affected = [...this.positions].filter(
      ({ topic, hold }) => hold.kind === 'none' && topics.includes(topic),
    );
    try {
      const metadata = await this.cluster.refresh(topics);
      for (const position of affected) {
        if (this.cluster.leaderOf(position) !== undefined) continue;
        const found = metadata.topics.find(({ topic }) => topic === position.topic);
        const errorCode = found?.errorCode ?? 0;
        this.failed(position, new KafkaError(errorCode || LEADER_NOT_AVAILABLE, 'Leader'));
      }
    } catch (error) {
      for (const position of affected) this.failed(position, error);
    } finally {
      this.lookingUpLeaders = false;
      this.changed();
    }
  }
}
