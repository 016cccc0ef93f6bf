/**
 * Membership of a group on Kafka, for `GroupMember`: joins, syncs, and leaves under its previous
 * id. Owns the member's id, in memory and in its file.
 */
import type { Assignment, GroupOptions, Membership, TopicPartition } from '../broker';
import { RuntimeError } from '../errors';
import {
  GroupMember,
  type HeartbeatAnswer,
  type JoinAttempt,
  type MemberPort,
} from '../group-member';
import { KAFKA_LIMITS } from '../limits';
import { assignUnits } from './assignor';
import type { Cluster } from './cluster';
import { GroupCoordinator } from './group-coordinator';
import { memberIdFile, type MemberIdFile } from './member-id-file';
import { fetchPartitionCounts } from './offsets';
import { decodeSubscription, encodeSubscription } from './protocol/consumer-protocol';
import { KafkaError, type KafkaErrorName } from './protocol/error-codes';
import type { JoinAnswer, JoinedMember } from './protocol/group-apis';
import { backoffMs, isTransient } from './retry';

/** The coordinator does not count this member any more: join as a new one. */
const EXPELLED: ReadonlySet<KafkaErrorName> = new Set([
  'UNKNOWN_MEMBER_ID',
  'ILLEGAL_GENERATION',
  'FENCED_INSTANCE_ID',
]);

/** Resolves once the member has its first assignment; `assigned` may still be running then. */
export function joinGroup(cluster: Cluster, options: GroupOptions): Promise<Membership> {
  const { heartbeatIntervalMaxMs, heartbeatsPerSessionMin } = KAFKA_LIMITS;
  const beats = options.sessionTimeoutMs / heartbeatsPerSessionMin;
  return GroupMember.join({
    port: new KafkaMember(cluster, options),
    options,
    clock: cluster.clock,
    heartbeatIntervalMs: Math.min(heartbeatIntervalMaxMs, beats),
  });
}

class KafkaMember implements MemberPort {
  /** Empty while the coordinator has not given one. */
  private id = '';
  /** A membership that this member, or the process before it, may still have under another id. */
  private formerId: string | undefined;
  private readonly coordinator: GroupCoordinator;
  private readonly idFile: MemberIdFile;

  constructor(
    private readonly cluster: Cluster,
    private readonly options: GroupOptions,
  ) {
    this.coordinator = new GroupCoordinator(cluster, options.group, options);
    this.idFile = memberIdFile(options.memberIdFile, options.group);
  }

  get memberId(): string {
    return this.id;
  }

  async begin(): Promise<void> {
    this.formerId = await this.idFile.read();
  }

  /**
   * Retries until joined. The first time it gives up when no broker answers, so that starting
   * fails; later it goes on for ever, since a reader of the same brokers reports that they are away.
   */
  async join({ held, everJoined, stopping }: JoinAttempt): Promise<Assignment | undefined> {
    const { clock } = this.cluster;
    const giveUpAt = clock.now() + KAFKA_LIMITS.unreachableMs;
    const isStopped = () => stopping.aborted;
    for (let retry = 0; !isStopped(); retry++) {
      try {
        return await this.joinOnce(held);
      } catch (error) {
        if (isStopped()) break;
        if (error instanceof KafkaError && EXPELLED.has(error.kind)) this.forget();
        else if (!isRetriable(error)) throw error;
        if (!everJoined && clock.now() > giveUpAt) throw error;
        await clock.sleep(backoffMs(retry), stopping);
      }
    }
    return undefined;
  }

  async heartbeat(generation: number): Promise<HeartbeatAnswer> {
    try {
      await this.coordinator.heartbeat({ generation, memberId: this.id });
      return 'counted';
    } catch (error) {
      if (error instanceof KafkaError && error.kind === 'REBALANCE_IN_PROGRESS') return 'rebalance';
      if (error instanceof KafkaError && EXPELLED.has(error.kind)) return 'lost';
      if (isTransient(error)) return 'unanswered';
      throw error;
    }
  }

  forget(): void {
    if (this.id !== '') this.formerId = this.id;
    this.id = '';
  }

  interrupt(): void {
    this.coordinator.disconnect();
  }

  /** When that cannot be told, the file keeps the id for the next start. */
  async leave(): Promise<void> {
    this.coordinator.disconnect();
    this.forget();
    await this.leaveAsFormerSelf();
    await this.idFile.remove();
  }

  private async joinOnce(held: Assignment): Promise<Assignment> {
    if (this.id === '') await this.leaveAsFormerSelf();
    let answer = await this.askToJoin(held);
    if (answer.kind === 'member-id-required') {
      await this.takeId(answer.memberId);
      answer = await this.askToJoin(held);
    }
    if (answer.kind !== 'joined')
      throw new RuntimeError('PROTOCOL', 'The coordinator asked for a member id twice');
    if (answer.memberId !== this.id) await this.takeId(answer.memberId);
    const { generation, memberId, leaderId, members } = answer;
    const word = leaderId === memberId ? await this.assign(members) : new Map<string, never>();
    const partitions = await this.coordinator.sync({ generation, memberId }, word);
    return { generation, memberId, partitions };
  }

  /** Without this the others would wait for the previous member until its session times out. */
  private async leaveAsFormerSelf(): Promise<void> {
    if (this.formerId === undefined) return;
    await this.coordinator.leave(this.formerId, KAFKA_LIMITS.leaveTimeoutMs);
    this.formerId = undefined;
  }

  private async askToJoin({ generation, partitions }: Assignment): Promise<JoinAnswer> {
    const { topics } = this.options;
    const held = [...new Set(partitions.map(({ partition }) => partition))];
    const sticky = this.options.stickyPartitions();
    const claims = { generation, held, sticky };
    return this.coordinator.join(this.id, encodeSubscription({ topics, claims }));
  }

  /** The id is on disk before the coordinator counts the member: a crash in between leaves nobody. */
  private async takeId(memberId: string): Promise<void> {
    await this.idFile.write(memberId);
    this.id = memberId;
  }

  private async assign(
    joined: readonly JoinedMember[],
  ): Promise<ReadonlyMap<string, readonly TopicPartition[]>> {
    const members = joined.map(({ memberId, metadata }) => ({
      memberId,
      ...decodeSubscription(metadata),
    }));
    const topics = [...new Set(members.flatMap((member) => member.topics))];
    return assignUnits(members, await fetchPartitionCounts(this.cluster, topics));
  }
}

/** A rebalance that overtook this join is joined anew; so is one whose coordinator went away. */
function isRetriable(error: unknown): boolean {
  if (error instanceof KafkaError && error.kind === 'REBALANCE_IN_PROGRESS') return true;
  if (error instanceof RuntimeError) return error.recovery === 'retry';
  return isTransient(error);
}
