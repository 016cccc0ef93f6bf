/**
 * The coordinator's side of one consumer group.
 *
 *            join                     all have joined, or the time is over
 *   empty ─────────▶ preparing ──────────────────────────────────────────▶ stable
 *                        ▲                join, leave, session expired        │
 *                        └────────────────────────────────────────────────────┘
 *
 * What always holds: every stable generation has one assignment, by the production assignor; a
 * member that neither joins nor beats in its time is not counted any more.
 */
import type { Assignment, GroupMemberId, TopicPartition } from '../broker';
import { assignUnits, type GroupMember } from '../kafka/assignor';

export interface JoinRequest extends Omit<GroupMember, 'memberId'> {
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
}

/** `unknown`: the coordinator does not count this member (any more). */
export type AssignmentAnswer =
  | { readonly kind: 'assigned'; readonly assignment: Assignment }
  | { readonly kind: 'waiting' }
  /** The generation that it joined was over before it learned of it: rejoin. */
  | { readonly kind: 'overtaken' }
  | { readonly kind: 'unknown' };

export type HeartbeatAnswer = 'counted' | 'rebalance' | 'unknown';

interface Member {
  readonly request: JoinRequest;
  readonly hasJoined: boolean;
  /** When it was last seen; the coordinator's clock. */
  readonly seenAt: number;
}

type Phase =
  | { readonly kind: 'empty' }
  | { readonly kind: 'preparing'; readonly until: number }
  | {
      readonly kind: 'stable';
      readonly assignments: ReadonlyMap<string, readonly TopicPartition[]>;
    };

export class ConsumerGroup {
  private readonly members = new Map<string, Member>();
  private phase: Phase = { kind: 'empty' };
  private generation = 0;
  private lastMember = 0;

  constructor(
    private readonly name: string,
    private readonly partitionCount: (topic: string) => number,
  ) {}

  /** Joins under a new id. */
  newMemberId(): string {
    this.lastMember += 1;
    return `${this.name}-member-${this.lastMember}`;
  }

  join(memberId: string, request: JoinRequest, now: number): void {
    this.members.set(memberId, { request, hasJoined: true, seenAt: now });
    if (this.phase.kind !== 'preparing') this.prepare(now, memberId);
    this.completeIfJoined();
  }

  assignmentOf(memberId: string, now: number): AssignmentAnswer {
    if (!this.heardOf(memberId, now)) return { kind: 'unknown' };
    const { generation, members, phase } = this;
    if (phase.kind !== 'stable') {
      return { kind: members.get(memberId)?.hasJoined === true ? 'waiting' : 'overtaken' };
    }
    const partitions = phase.assignments.get(memberId) ?? [];
    return { kind: 'assigned', assignment: { generation, memberId, partitions } };
  }

  heartbeat(memberId: string, generation: number, now: number): HeartbeatAnswer {
    if (!this.heardOf(memberId, now)) return 'unknown';
    if (this.phase.kind !== 'stable') return 'rebalance';
    return generation === this.generation ? 'counted' : 'unknown';
  }

  get memberIds(): readonly string[] {
    return [...this.members.keys()];
  }

  /** Whether offsets of this member may still count. */
  accepts({ memberId, generation }: GroupMemberId): boolean {
    return this.members.has(memberId) && generation === this.generation;
  }

  leave(memberId: string, now: number): void {
    if (!this.members.delete(memberId)) return;
    this.afterLoss(now);
  }

  /** Gives up on members whose time is over. */
  expire(now: number): void {
    const { phase } = this;
    const isOver = phase.kind === 'preparing' && now >= phase.until;
    let lost = false;
    for (const [memberId, { request, hasJoined, seenAt }] of this.members) {
      const isLate = isOver && !hasJoined;
      if (!isLate && now - seenAt <= request.sessionTimeoutMs) continue;
      this.members.delete(memberId);
      lost = true;
    }
    if (lost) this.afterLoss(now);
  }

  private heardOf(memberId: string, now: number): boolean {
    const member = this.members.get(memberId);
    if (member === undefined) return false;
    this.members.set(memberId, { ...member, seenAt: now });
    return true;
  }

  private afterLoss(now: number): void {
    if (this.members.size === 0) {
      this.phase = { kind: 'empty' };
      return;
    }
    if (this.phase.kind === 'stable') this.prepare(now);
    this.completeIfJoined();
  }

  /** All but the one that asks must join anew. */
  private prepare(now: number, asking?: string): void {
    const waits = [...this.members.values()].map(({ request }) => request.rebalanceTimeoutMs);
    this.phase = { kind: 'preparing', until: now + Math.max(0, ...waits) };
    for (const [memberId, member] of this.members) {
      this.members.set(memberId, { ...member, hasJoined: memberId === asking });
    }
  }

  private completeIfJoined(): void {
    const joined = [...this.members];
    if (this.phase.kind !== 'preparing' || !joined.every(([, member]) => member.hasJoined)) return;
    const members = joined.map(([memberId, { request }]) => ({ memberId, ...request }));
    const topics = new Set(members.flatMap((member) => member.topics));
    const counts = new Map([...topics].map((topic) => [topic, this.partitionCount(topic)]));
    this.generation += 1;
    this.phase = { kind: 'stable', assignments: assignUnits(members, counts) };
  }
}
