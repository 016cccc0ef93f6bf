/**
 * Membership of a group on the cluster in memory, for `GroupMember`, which lives the same on
 * Kafka (kafka/group-membership.ts).
 */
import type { Clock } from '../../../platform/clock';
import type { Assignment, GroupOptions, Membership, TopicPartition } from '../broker';
import {
  GroupMember,
  type HeartbeatAnswer,
  type JoinAttempt,
  type MemberPort,
} from '../group-member';
import { backoffMs } from '../kafka/retry';
import { NoAnswer, type Link, type RequestName } from './link';
import type { ConsumerGroup } from './consumer-group';
import type { MemoryCluster } from './memory-cluster';

export interface MembershipDeps {
  readonly cluster: MemoryCluster;
  readonly link: Link;
  readonly clock: Clock;
  readonly heartbeatIntervalMs: number;
  /** The connection was closed without leaving, as by a kill. */
  readonly closed: AbortSignal;
}

/** Rejects with UNKNOWN_TOPIC; resolves with the first assignment. */
export async function joinMemoryGroup(
  deps: MembershipDeps,
  options: GroupOptions,
): Promise<Membership> {
  const port = new MemoryMember(deps, options);
  await port.findTopics();
  const { clock, closed: gone, heartbeatIntervalMs } = deps;
  return GroupMember.join({ port, options, clock, heartbeatIntervalMs, gone });
}

class MemoryMember implements MemberPort {
  private id = '';
  private readonly group: ConsumerGroup;

  constructor(
    private readonly deps: MembershipDeps,
    private readonly options: GroupOptions,
  ) {
    this.group = deps.cluster.group(options.group);
  }

  get memberId(): string {
    return this.id;
  }

  findTopics(): Promise<void> {
    return this.askUntilAnswered('metadata', () =>
      this.options.topics.forEach((topic) => this.deps.cluster.partitionCount(topic)),
    );
  }

  begin(): Promise<void> {
    return this.leaveAs(this.keptId());
  }

  async join({ held, stopping }: JoinAttempt): Promise<Assignment | undefined> {
    const { group, deps, options } = this;
    const { clock, closed, cluster } = deps;
    if (this.id === '') {
      this.id = await this.askUntilAnswered('join', () => group.newMemberId());
      this.keepId(this.id);
    }
    const { topics, sessionTimeoutMs, rebalanceTimeoutMs } = options;
    const { generation, partitions } = held;
    const claims = { generation, held: unitsOf(partitions), sticky: options.stickyPartitions() };
    const request = { topics, claims, sessionTimeoutMs, rebalanceTimeoutMs };
    await this.askUntilAnswered('join', () => group.join(this.id, request, cluster.now));
    for (let looks = 0; !stopping.aborted && !closed.aborted; looks += 1) {
      const answer = await this.askUntilAnswered('join', () =>
        group.assignmentOf(this.id, cluster.now),
      );
      if (answer.kind === 'assigned') return answer.assignment;
      if (answer.kind === 'unknown') this.id = '';
      if (answer.kind !== 'waiting') return undefined;
      await clock.sleep(backoffMs(looks), stopping);
    }
    return undefined;
  }

  async heartbeat(generation: number): Promise<HeartbeatAnswer> {
    const { cluster } = this.deps;
    const answer = await this.ask('heartbeat', () =>
      this.group.heartbeat(this.id, generation, cluster.now),
    );
    return answer === 'unknown' ? 'lost' : (answer ?? 'unanswered');
  }

  forget(): void {
    this.id = '';
  }

  /** Nothing blocks: a join looks again and again. */
  interrupt(): void {
    return undefined;
  }

  async leave(): Promise<void> {
    await this.leaveAs(this.id);
    this.keepId(undefined);
  }

  private async leaveAs(memberId: string): Promise<void> {
    const { cluster } = this.deps;
    if (memberId === '') return;
    await this.askUntilAnswered('leave', () => this.group.leave(memberId, cluster.now));
  }

  private keptId(): string {
    const { memberIdFile } = this.options;
    return memberIdFile === undefined ? '' : (this.deps.cluster.memberIds.get(memberIdFile) ?? '');
  }

  private keepId(memberId: string | undefined): void {
    const { memberIdFile } = this.options;
    if (memberIdFile === undefined) return;
    if (memberId === undefined) this.deps.cluster.memberIds.delete(memberIdFile);
    else this.deps.cluster.memberIds.set(memberIdFile, memberId);
  }

  /** Undefined when no answer came. */
  private async ask<T>(request: RequestName, serve: () => T): Promise<T | undefined> {
    const { cluster, link } = this.deps;
    try {
      return await link.ask(request, () => {
        cluster.expire();
        return serve();
      });
    } catch (error) {
      if (error instanceof NoAnswer) return undefined;
      throw error;
    }
  }

  /** For requests that may be done twice without harm. */
  private async askUntilAnswered<T>(request: RequestName, serve: () => T): Promise<T> {
    const box = () => ({ value: serve() });
    for (let tries = 0; ; tries += 1) {
      const answer = await this.ask(request, box);
      if (answer !== undefined) return answer.value;
      await this.deps.clock.sleep(backoffMs(tries));
    }
  }
}

function unitsOf(partitions: readonly TopicPartition[]): readonly number[] {
  return [...new Set(partitions.map(({ partition }) => partition))];
}
