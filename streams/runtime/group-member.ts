/**
 * One member of a consumer group over its whole life, whichever cluster coordinates it. What always
 * holds: heartbeats run on their own, whatever the listener is doing; the listener is called one
 * call at a time, `revoked` before every rejoin with something held, and nothing is held between
 * `revoked` or `lost` and the next `assigned`; what is given again after generations that this member
 * did not see is told as `lost` first. Only `lost` may come while another call is running: it cannot
 * wait.
 *
 * ```
 *   unjoined ─▶ joining ─▶ stable ─▶ rebalancing
 *                 ▲  ▲       │         │     │
 *                 │  └─ lost ◀─────────┘     │ revoked
 *                 └──────────────────────────┘
 *   any ─▶ left (asked to)      any ─▶ failed (cannot go on)
 * ```
 */
import type { Clock } from '../../platform/clock';
import type { Assignment, GroupOptions, Membership } from './broker';
import { recoveryOf, RuntimeError } from './errors';
import { asRuntimeError } from './kafka/retry';

type State = 'unjoined' | 'joining' | 'stable' | 'rebalancing' | 'lost' | 'left' | 'failed';

const MOVES: Readonly<Record<State, readonly State[]>> = {
  unjoined: ['joining', 'left', 'failed'],
  joining: ['joining', 'stable', 'left', 'failed'],
  stable: ['rebalancing', 'lost', 'left', 'failed'],
  rebalancing: ['joining', 'lost', 'left', 'failed'],
  lost: ['joining', 'left', 'failed'],
  left: [],
  failed: ['left'],
};

/** `lost`: the coordinator does not count this member any more. */
export type HeartbeatAnswer = 'counted' | 'rebalance' | 'lost' | 'unanswered';

/** Why heartbeats ended: the group rebalances, membership is lost, or this side wants to stop. */
type BeatEnd = 'rebalance' | 'lost' | 'stopped';

export interface JoinAttempt {
  /** What was held last; of generation 0 when nothing was. */
  readonly held: Assignment;
  /** Whether it was ever a member. */
  readonly everJoined: boolean;
  readonly stopping: AbortSignal;
}

/** A member's way to its coordinator; owns the member's id. */
export interface MemberPort {
  readonly memberId: string;
  /** Before the first join. */
  begin(): Promise<void>;
  /** Retries until it has joined; undefined when it is to be asked anew, or was stopped. */
  join(attempt: JoinAttempt): Promise<Assignment | undefined>;
  heartbeat(generation: number): Promise<HeartbeatAnswer>;
  /** Membership is lost: the next join is under another id. */
  forget(): void;
  /** Ends a join that waits for others. */
  interrupt(): void;
  /** Leaves the group. Rejecting with `retry`: it could not be told, and the session ends it. */
  leave(): Promise<void>;
}

export interface GroupMemberDeps {
  readonly port: MemberPort;
  readonly options: GroupOptions;
  readonly clock: Clock;
  readonly heartbeatIntervalMs: number;
  /** Aborted when the process is no more, as by a kill: nobody is told, nobody is asked. */
  readonly gone?: AbortSignal;
}

const NOTHING_HELD: Assignment = { generation: 0, memberId: '', partitions: [] };

export class GroupMember implements Membership {
  private state: State = 'unjoined';
  private held = NOTHING_HELD;
  private everJoined = false;
  private failure: Error | undefined;
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  /** The listener's calls, one after the other. */
  private calls: Promise<void> = Promise.resolve();
  private whenJoined: () => void = () => undefined;

  private constructor(private readonly deps: GroupMemberDeps) {}

  /** Resolves once the member has its first assignment; `assigned` may still be running then. */
  static async join(deps: GroupMemberDeps): Promise<Membership> {
    const member = new GroupMember(deps);
    const joined = new Promise<void>((resolve) => (member.whenJoined = resolve));
    member.running = member.run();
    await Promise.race([joined, member.running]);
    if (member.failure !== undefined) throw member.failure;
    return member;
  }

  get memberId(): string {
    return this.deps.port.memberId;
  }

  async leave(): Promise<void> {
    this.stopping.abort();
    // It may be waiting for others; what is held is given back in an orderly way.
    if (this.state === 'joining') this.deps.port.interrupt();
    await this.running;
  }

  private get isGone(): boolean {
    return this.deps.gone?.aborted === true;
  }

  private get isStopped(): boolean {
    return this.stopping.signal.aborted || this.isGone;
  }

  private async run(): Promise<void> {
    const { port } = this.deps;
    try {
      await port.begin();
      while (!this.isStopped) {
        this.move('joining');
        const { held, everJoined } = this;
        const attempt = { held, everJoined, stopping: this.stopping.signal };
        const assignment = await port.join(attempt);
        if (assignment !== undefined) await this.serve(assignment);
      }
    } catch (error) {
      this.fail(error);
    }
    if (!this.isGone) await this.depart();
  }

  private async serve(assignment: Assignment): Promise<void> {
    const { listener } = this.deps.options;
    this.move('stable');
    this.everJoined = true;
    if (!continues(this.held, assignment)) listener.lost();
    this.held = assignment;
    void this.tell(() => listener.assigned(assignment));
    this.whenJoined();
    const end = await this.beat(assignment.generation, this.stopping.signal, false);
    if (this.isGone || this.failure !== undefined) return;
    if (end === 'rebalance') this.move('rebalancing');
    if (end === 'lost' || !(await this.revoke(assignment.generation))) this.lose();
  }

  private lose(): void {
    if (this.isGone) return;
    this.move('lost');
    this.held = NOTHING_HELD;
    this.deps.port.forget();
    this.deps.options.listener.lost();
  }

  /** False when membership was lost meanwhile, or the listener took longer than the group waits. */
  private async revoke(generation: number): Promise<boolean> {
    const { rebalanceTimeoutMs, listener } = this.deps.options;
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

  /**
   * Heartbeats until there is a reason to stop. Without an answer for a session timeout the place
   * counts as lost: the coordinator has given it away by then, even if it cannot say so.
   */
  private async beat(
    generation: number,
    until: AbortSignal,
    throughRebalance: boolean,
  ): Promise<BeatEnd> {
    const { clock, heartbeatIntervalMs, options, port } = this.deps;
    let countedAt = clock.now();
    for (;;) {
      await clock.sleep(heartbeatIntervalMs, until);
      if (until.aborted || this.isGone) return 'stopped';
      const askedAt = clock.now();
      const answer = await port.heartbeat(generation);
      if (answer === 'lost') return 'lost';
      if (answer === 'rebalance' && !throughRebalance) return 'rebalance';
      if (answer !== 'unanswered') countedAt = askedAt;
      else if (clock.now() - countedAt > options.sessionTimeoutMs) return 'lost';
    }
  }

  /** Calls the listener after all earlier calls; one that rejects ends the membership. */
  private tell(call: () => Promise<void>): Promise<void> {
    this.calls = this.calls.then(call).catch((error: unknown) => this.fail(error));
    return this.calls;
  }

  private fail(error: unknown): void {
    this.failure ??= asRuntimeError(error, `Membership in group ${this.deps.options.group}`);
    this.stopping.abort();
  }

  private async depart(): Promise<void> {
    await this.calls;
    this.move(this.failure === undefined ? 'left' : 'failed');
    try {
      await this.deps.port.leave();
    } catch (error) {
      if (recoveryOf(error) !== 'retry') this.fail(error);
    }
    if (this.failure !== undefined && this.everJoined) {
      this.deps.options.listener.failed(this.failure);
    }
  }

  private move(to: State): void {
    if (!MOVES[this.state].includes(to)) {
      throw new RuntimeError('PROTOCOL', `A member that is ${this.state} cannot be ${to}`);
    }
    this.state = to;
  }
}

/**
 * Whether nobody else can have had what was held: a generation that this member did not see, as one
 * that was not waited for or whose assignment was overtaken, may have given it to another.
 */
function continues(held: Assignment, { memberId, generation }: Assignment): boolean {
  if (held.generation === 0) return true;
  return held.memberId === memberId && generation <= held.generation + 1;
}
