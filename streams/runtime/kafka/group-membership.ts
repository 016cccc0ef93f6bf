/**
 * Owns one member of a consumer group over its whole life. What always holds: heartbeats run on
 * their own, whatever the listener is doing; the listener is called one call at a time, `revoked`
 * before every rejoin with something held, and nothing is held between `revoked` or `lost` and the
 * next `assigned`. Only `lost` may come while another call is running: it cannot wait.
 *
 * ```
 *   unjoined ─▶ joining ─▶ syncing ─▶ stable ─▶ rebalancing
 *                  ▲  ▲       │          │        │     │
 *                  │  └───────┘          ▼        │     │ revoked
 *                  │                    lost ◀────┘     │
 *                  ├─────────────────────┘              │
 *                  └────────────────────────────────────┘
 *   any ─▶ left (asked to)      any ─▶ failed (cannot go on)
 * ```
 */
import type { GroupOptions, Membership, TopicPartition } from '../broker';
import { recoveryOf, RuntimeError } from '../errors';
import { KAFKA_LIMITS } from '../limits';
import { assignUnits } from './assignor';
import type { Cluster } from './cluster';
import { GroupCoordinator, type MemberOf } from './group-coordinator';
import { memberIdFile, type MemberIdFile } from './member-id-file';
import { fetchPartitionCounts } from './offsets';
import { decodeSubscription, encodeSubscription } from './protocol/consumer-protocol';
import { KafkaError, type KafkaErrorName } from './protocol/error-codes';
import type { JoinAnswer, JoinedMember } from './protocol/group-apis';
import { asRuntimeError, backoffMs, isTransient } from './retry';

type State =
  'unjoined' | 'joining' | 'syncing' | 'stable' | 'rebalancing' | 'lost' | 'left' | 'failed';

const MOVES: Readonly<Record<State, readonly State[]>> = {
  unjoined: ['joining', 'left', 'failed'],
  joining: ['joining', 'syncing', 'left', 'failed'],
  syncing: ['joining', 'stable', 'left', 'failed'],
  stable: ['rebalancing', 'lost', 'left', 'failed'],
  rebalancing: ['joining', 'lost', 'left', 'failed'],
  lost: ['joining', 'left', 'failed'],
  left: [],
  failed: ['left'],
};

/** The coordinator does not count this member any more: join as a new one. */
const EXPELLED: ReadonlySet<KafkaErrorName> = new Set([
  'UNKNOWN_MEMBER_ID',
  'ILLEGAL_GENERATION',
  'FENCED_INSTANCE_ID',
]);

/** Why heartbeats ended: the group rebalances, the place is lost, or this side wants to stop. */
type BeatEnd = 'rebalance' | 'lost' | 'stopped';

interface Assigned extends MemberOf {
  readonly partitions: readonly TopicPartition[];
}

/** Resolves once the member has its first assignment; `assigned` may still be running then. */
export async function joinGroup(cluster: Cluster, options: GroupOptions): Promise<Membership> {
  const membership = new GroupMembership(cluster, options);
  await membership.start();
  return membership;
}

class GroupMembership implements Membership {
  private state: State = 'unjoined';
  /** Empty while the coordinator has not given one. */
  private id = '';
  /** A place that this member, or the process before it, may still have under another id. */
  private formerId: string | undefined;
  private held: Assigned | undefined;
  private readonly coordinator: GroupCoordinator;
  private readonly idFile: MemberIdFile;
  private readonly stopping = new AbortController();
  private failure: Error | undefined;
  private running: Promise<void> = Promise.resolve();
  /** The listener's calls, one after the other. */
  private calls: Promise<void> = Promise.resolve();
  private whenJoined: () => void = () => undefined;

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

  async start(): Promise<void> {
    const joined = new Promise<void>((resolve) => (this.whenJoined = resolve));
    this.running = this.run();
    await Promise.race([joined, this.running]);
    if (this.failure !== undefined) throw this.failure;
  }

  async leave(): Promise<void> {
    this.stopping.abort();
    // A join or sync may be waiting for others; what is held is given back in an orderly way.
    if (this.state === 'joining' || this.state === 'syncing') this.coordinator.disconnect();
    await this.running;
  }

  private isStopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private async run(): Promise<void> {
    let everJoined = false;
    try {
      this.formerId = await this.idFile.read();
      while (!this.isStopped()) {
        const assigned = await this.join(everJoined);
        if (assigned === undefined) continue;
        everJoined = true;
        await this.serve(assigned);
      }
    } catch (error) {
      this.fail(error);
    }
    await this.depart(everJoined);
  }

  /**
   * Asks until it has a place. The first time it gives up when no broker answers, so that starting
   * fails; later it goes on for ever, since a reader of the same brokers reports that they are away.
   */
  private async join(forEver: boolean): Promise<Assigned | undefined> {
    const { clock } = this.cluster;
    const giveUpAt = clock.now() + KAFKA_LIMITS.unreachableMs;
    for (let retry = 0; !this.isStopped(); retry++) {
      try {
        this.move('joining');
        return await this.joinOnce();
      } catch (error) {
        if (this.isStopped()) break;
        if (error instanceof KafkaError && EXPELLED.has(error.kind)) this.forgetId();
        else if (!isRetriable(error)) throw error;
        if (!forEver && clock.now() > giveUpAt) throw error;
        await clock.sleep(backoffMs(retry), this.stopping.signal);
      }
    }
    return undefined;
  }

  private async joinOnce(): Promise<Assigned> {
    if (this.id === '') await this.leaveAsFormerSelf();
    let answer = await this.askToJoin();
    if (answer.kind === 'member-id-required') {
      await this.takeId(answer.memberId);
      answer = await this.askToJoin();
    }
    if (answer.kind !== 'joined') throw new RuntimeError('PROTOCOL', 'A member id was asked twice');
    if (answer.memberId !== this.id) await this.takeId(answer.memberId);
    this.move('syncing');
    const { generation, memberId, leaderId, members } = answer;
    const word = leaderId === memberId ? await this.assign(members) : new Map<string, never>();
    const partitions = await this.coordinator.sync({ generation, memberId }, word);
    return { generation, memberId, partitions };
  }

  /** Without this the others would wait for the former self until its session times out. */
  private async leaveAsFormerSelf(): Promise<void> {
    if (this.formerId === undefined) return;
    await this.coordinator.leave(this.formerId, KAFKA_LIMITS.leaveTimeoutMs);
    this.formerId = undefined;
  }

  private async askToJoin(): Promise<JoinAnswer> {
    const { topics } = this.options;
    const held = [...new Set(this.held?.partitions.map(({ partition }) => partition))];
    const sticky = this.options.stickyPartitions();
    const claims = { generation: this.held?.generation ?? 0, held, sticky };
    return this.coordinator.join(this.id, encodeSubscription({ topics, claims }));
  }

  /** The id is on disk before the coordinator counts the member: a crash in between leaves nobody. */
  private async takeId(memberId: string): Promise<void> {
    await this.idFile.write(memberId);
    this.id = memberId;
  }

  private forgetId(): void {
    if (this.id !== '') this.formerId = this.id;
    this.id = '';
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

  private async serve(assigned: Assigned): Promise<void> {
    const { listener } = this.options;
    this.move('stable');
    this.held = assigned;
    const { generation, partitions } = assigned;
    void this.tell(() => listener.assigned({ generation, partitions }));
    this.whenJoined();
    const end = await this.beat(assigned, this.stopping.signal, false);
    if (end === 'lost') {
      this.lose();
      return;
    }
    if (this.failure !== undefined) throw this.failure;
    if (end === 'rebalance') this.move('rebalancing');
    if (!(await this.revoke(assigned))) this.lose();
  }

  private lose(): void {
    this.move('lost');
    this.held = undefined;
    this.forgetId();
    this.options.listener.lost();
  }

  /** False when the place was lost meanwhile, or the listener took longer than the group waits. */
  private async revoke(member: MemberOf): Promise<boolean> {
    const { rebalanceTimeoutMs, listener } = this.options;
    const done = new AbortController();
    let revoked = false;
    const telling = this.tell(() => listener.revoked()).then(() => {
      revoked = true;
      done.abort();
    });
    const late = this.cluster.clock.sleep(rebalanceTimeoutMs, done.signal);
    await Promise.race([telling, late, this.beat(member, done.signal, true)]);
    done.abort();
    return revoked;
  }

  /**
   * Heartbeats until there is a reason to stop. Without an answer for a session timeout the place
   * counts as lost: the coordinator has given it away by then, even if it cannot say so.
   */
  private async beat(
    member: MemberOf,
    until: AbortSignal,
    throughRebalance: boolean,
  ): Promise<BeatEnd> {
    const { clock } = this.cluster;
    const { sessionTimeoutMs } = this.options;
    const { heartbeatIntervalMaxMs, heartbeatsPerSessionMin } = KAFKA_LIMITS;
    const intervalMs = Math.min(heartbeatIntervalMaxMs, sessionTimeoutMs / heartbeatsPerSessionMin);
    let countedAt = clock.now();
    for (;;) {
      await clock.sleep(intervalMs, until);
      if (until.aborted) return 'stopped';
      const askedAt = clock.now();
      const answer = await this.heartbeat(member);
      if (answer === 'lost') return 'lost';
      if (answer === 'rebalance' && !throughRebalance) return 'rebalance';
      if (answer !== 'unanswered') countedAt = askedAt;
      else if (clock.now() - countedAt > sessionTimeoutMs) return 'lost';
    }
  }

  private async heartbeat(
    member: MemberOf,
  ): Promise<'counted' | 'rebalance' | 'lost' | 'unanswered'> {
    try {
      await this.coordinator.heartbeat(member);
      return 'counted';
    } catch (error) {
      if (error instanceof KafkaError && error.kind === 'REBALANCE_IN_PROGRESS') return 'rebalance';
      if (error instanceof KafkaError && EXPELLED.has(error.kind)) return 'lost';
      if (isTransient(error)) return 'unanswered';
      throw error;
    }
  }

  /** Calls the listener after all earlier calls; a listener that rejects ends the membership. */
  private tell(call: () => Promise<void>): Promise<void> {
    this.calls = this.calls.then(call).catch((error: unknown) => this.fail(error));
    return this.calls;
  }

  private fail(error: unknown): void {
    this.failure ??= asRuntimeError(error, `Membership in group ${this.options.group}`);
    this.stopping.abort();
  }

  /** Leaves the group; when that cannot be told, the file keeps the id for the next start. */
  private async depart(everJoined: boolean): Promise<void> {
    await this.calls;
    this.coordinator.disconnect();
    this.move(this.failure === undefined ? 'left' : 'failed');
    try {
      this.forgetId();
      await this.leaveAsFormerSelf();
      await this.idFile.remove();
    } catch (error) {
      if (recoveryOf(error) !== 'retry') this.fail(error);
    }
    if (this.failure !== undefined && everJoined) this.options.listener.failed(this.failure);
  }

  private move(to: State): void {
    if (!MOVES[this.state].includes(to)) {
      throw new RuntimeError('PROTOCOL', `A member that is ${this.state} cannot be ${to}`);
    }
    this.state = to;
  }
}

/** A rebalance that overtook this join is joined anew; so is one whose coordinator went away. */
function isRetriable(error: unknown): boolean {
  if (error instanceof KafkaError && error.kind === 'REBALANCE_IN_PROGRESS') return true;
  if (error instanceof RuntimeError) return error.recovery === 'retry';
  return isTransient(error);
}
