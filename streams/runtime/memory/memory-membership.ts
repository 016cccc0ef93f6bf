/**
 * A member of a group on the cluster in memory; to the listener it behaves as the one on Kafka does
 * (kafka/group-membership.ts): calls come one at a time, `revoked` before every rejoin with
 * something held, and only `lost` may come while another call is running.
 *
 *   joining ─▶ serving ─▶ revoking ─▶ joining        serving ─▶ lost ─▶ joining
 *   any ─▶ left (asked to)                           any ─▶ failed (the listener rejected)
 */
import type { Assignment, GroupOptions, Membership, TopicPartition } from '../broker';
import type { Clock } from '../../../platform/clock';
import { backoffMs } from '../kafka/retry';
import { NoAnswer, type Link, type RequestName } from './link';
import type { ConsumerGroup, HeartbeatAnswer } from './consumer-group';
import type { MemoryCluster } from './memory-cluster';

export interface MembershipDeps {
  readonly cluster: MemoryCluster;
  readonly link: Link;
  readonly clock: Clock;
  readonly heartbeatIntervalMs: number;
  /** The connection was closed without leaving, as by a kill. */
  readonly closed: AbortSignal;
}

const NOTHING_HELD: Assignment = { generation: 0, partitions: [] };

export async function joinMemoryGroup(
  deps: MembershipDeps,
  options: GroupOptions,
): Promise<Membership> {
  const membership = new MemoryMembership(deps, options);
  await membership.start();
  return membership;
}

class MemoryMembership implements Membership {
  private id = '';
  private held: Assignment = NOTHING_HELD;
  private failure: Error | undefined;
  private readonly group: ConsumerGroup;
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private calls: Promise<void> = Promise.resolve();
  private whenJoined: () => void = () => undefined;

  constructor(
    private readonly deps: MembershipDeps,
    private readonly options: GroupOptions,
  ) {
    this.group = deps.cluster.group(options.group);
  }

  get memberId(): string {
    return this.id;
  }

  /** Rejects with UNKNOWN_TOPIC; resolves with the first assignment. */
  async start(): Promise<void> {
    await this.askUntilAnswered('metadata', () =>
      this.options.topics.forEach((topic) => this.deps.cluster.partitionCount(topic)),
    );
    const joined = new Promise<void>((resolve) => (this.whenJoined = resolve));
    this.running = this.run();
    await Promise.race([joined, this.running]);
  }

  async leave(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private get isStopped(): boolean {
    return this.stopping.signal.aborted || this.deps.closed.aborted;
  }

  private async run(): Promise<void> {
    await this.leaveAs(this.keptId());
    while (!this.isStopped) {
      const assignment = await this.join();
      if (assignment !== undefined) await this.serve(assignment);
    }
    if (this.deps.closed.aborted) return;
    await this.calls;
    await this.leaveAs(this.id);
    this.keepId(undefined);
    if (this.failure !== undefined) this.options.listener.failed(this.failure);
  }

  private async join(): Promise<Assignment | undefined> {
    const { group, deps, options } = this;
    const { cluster } = deps;
    if (this.id === '') {
      this.id = await this.askUntilAnswered('join', () => group.newMemberId());
      this.keepId(this.id);
    }
    const request = {
      topics: options.topics,
      claims: {
        generation: this.held.generation,
        held: unitsOf(this.held.partitions),
        sticky: options.stickyPartitions(),
      },
      sessionTimeoutMs: options.sessionTimeoutMs,
      rebalanceTimeoutMs: options.rebalanceTimeoutMs,
    };
    await this.askUntilAnswered('join', () => group.join(this.id, request, cluster.now));
    for (let looks = 0; !this.isStopped; looks += 1) {
      const answer = await this.askUntilAnswered('join', () =>
        group.assignmentOf(this.id, cluster.now),
      );
      if (answer.kind === 'assigned') return answer.assignment;
      if (answer.kind === 'unknown') this.id = '';
      if (answer.kind !== 'waiting') return undefined;
      await deps.clock.sleep(backoffMs(looks), this.stopping.signal);
    }
    return undefined;
  }

  private async serve(assignment: Assignment): Promise<void> {
    const { listener } = this.options;
    this.held = assignment;
    void this.tell(() => listener.assigned(assignment));
    this.whenJoined();
    const end = await this.beat(assignment.generation, this.stopping.signal, false);
    if (this.deps.closed.aborted || this.failure !== undefined) return;
    if (end === 'unknown' || !(await this.revoke(assignment.generation))) this.lose();
  }

  private lose(): void {
    if (this.deps.closed.aborted) return;
    this.held = NOTHING_HELD;
    this.id = '';
    this.options.listener.lost();
  }

  /** False when the place was lost meanwhile, or the listener took longer than the group waits. */
  private async revoke(generation: number): Promise<boolean> {
    const { rebalanceTimeoutMs, listener } = this.options;
    const done = new AbortController();
    let revoked = false;
    const telling = this.tell(() => listener.revoked()).then(() => {
      revoked = true;
      done.abort();
    });
    const late = this.deps.clock.sleep(rebalanceTimeoutMs, done.signal);
    await Promise.race([telling, late, this.beat(generation, done.signal, true)]);
    done.abort();
    return revoked;
  }

  /** Heartbeats until there is a reason to stop; without an answer for a session, it is lost. */
  private async beat(
    generation: number,
    until: AbortSignal,
    throughRebalance: boolean,
  ): Promise<HeartbeatAnswer | 'stopped'> {
    const { clock, cluster, heartbeatIntervalMs } = this.deps;
    let countedAt = clock.now();
    for (;;) {
      await clock.sleep(heartbeatIntervalMs, until);
      if (until.aborted || this.deps.closed.aborted) return 'stopped';
      const askedAt = clock.now();
      const answer = await this.ask('heartbeat', () =>
        this.group.heartbeat(this.id, generation, cluster.now),
      );
      if (answer === 'unknown') return 'unknown';
      if (answer === 'rebalance' && !throughRebalance) return 'rebalance';
      if (answer !== undefined) countedAt = askedAt;
      else if (clock.now() - countedAt > this.options.sessionTimeoutMs) return 'unknown';
    }
  }

  /** Calls the listener after all earlier calls; one that rejects ends the membership. */
  private tell(call: () => Promise<void>): Promise<void> {
    this.calls = this.calls.then(call).catch((error: unknown) => {
      this.failure ??= error instanceof Error ? error : new Error(String(error));
      this.stopping.abort();
    });
    return this.calls;
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
