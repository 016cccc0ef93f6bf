/**
 * Decides who gets what, as the leader of a group, for all of its members. A unit is partition p of
 * every subscribed topic. What always holds:
 *
 * - co-partitioned: a unit goes to one member as a whole, so that equal keys meet in one task;
 * - balanced: members differ by one unit at most;
 * - sticky: within that, a unit stays with who holds it, or else goes to who has its state;
 * - deterministic: the order of the members in the request does not matter.
 */
import type { TopicPartition } from '../broker';
import type { Claims } from './protocol/consumer-protocol';

export interface GroupMember {
  readonly memberId: string;
  readonly topics: readonly string[];
  readonly claims: Claims;
}

/** Partitions by member id; every member is in it. */
export function assignUnits(
  members: readonly GroupMember[],
  partitionCounts: ReadonlyMap<string, number>,
): ReadonlyMap<string, readonly TopicPartition[]> {
  const units = Math.max(0, ...partitionCounts.values());
  const shares = new Shares(members, units);
  for (const { memberId, unit } of claimsInOrder(members)) shares.claim(memberId, unit);
  shares.giveOutRest();
  return new Map(
    members.map((member) => [
      member.memberId,
      shares.of(member.memberId).flatMap((unit) => partitionsOf(unit, member, partitionCounts)),
    ]),
  );
}

interface Claim {
  readonly memberId: string;
  readonly unit: number;
}

/**
 * Holders before those with state, a later generation before an earlier one (the earlier holder
 * lost it since). A holder that has to give some up keeps first what nobody else has state for.
 * Then a member's better choice before anyone's second.
 */
function claimsInOrder(members: readonly GroupMember[]): readonly Claim[] {
  const wanted = wantedBy(members);
  const ranked = members.flatMap(({ memberId, claims: { generation, held, sticky } }) => [
    ...held.map((unit, rank) => {
      const others = wanted.get(unit)?.some((other) => other !== memberId) ?? false;
      return { memberId, unit, holds: 1, generation, others: Number(others), rank };
    }),
    ...sticky.map((unit, rank) => ({
      memberId,
      unit,
      holds: 0,
      generation: 0,
      others: 0,
      rank,
    })),
  ]);
  return ranked.sort(
    (a, b) =>
      b.holds - a.holds ||
      b.generation - a.generation ||
      a.others - b.others ||
      a.rank - b.rank ||
      compare(a.memberId, b.memberId),
  );
}

/** Members with state, by unit. */
function wantedBy(members: readonly GroupMember[]): ReadonlyMap<number, readonly string[]> {
  const wanted = new Map<number, string[]>();
  for (const { memberId, claims } of members) {
    for (const unit of claims.sticky) wanted.set(unit, [...(wanted.get(unit) ?? []), memberId]);
  }
  return wanted;
}

class Shares {
  private readonly units = new Map<string, number[]>();
  private readonly free: Set<number>;
  /** Every member gets this many units … */
  private readonly base: number;
  /** … and so many of them get one more. */
  private extras: number;

  constructor(members: readonly GroupMember[], unitCount: number) {
    const ids = members.map(({ memberId }) => memberId).sort(compare);
    for (const memberId of ids) this.units.set(memberId, []);
    this.free = new Set(Array.from({ length: unitCount }, (_, unit) => unit));
    this.base = Math.floor(unitCount / Math.max(1, ids.length));
    this.extras = unitCount - this.base * ids.length;
  }

  of(memberId: string): readonly number[] {
    return [...(this.units.get(memberId) ?? [])].sort((a, b) => a - b);
  }

  /** Gives the unit unless it is gone or the member has its share. */
  claim(memberId: string, unit: number): boolean {
    const share = this.units.get(memberId);
    if (share === undefined || !this.free.has(unit)) return false;
    if (share.length > this.base || (share.length === this.base && this.extras === 0)) return false;
    if (share.length === this.base) this.extras -= 1;
    this.free.delete(unit);
    share.push(unit);
    return true;
  }

  /** First up to the base for each, then the extras, so that no extra is taken from a member's base. */
  giveOutRest(): void {
    for (const unit of [...this.free]) {
      const ids = [...this.units].sort(([, a], [, b]) => a.length - b.length).map(([id]) => id);
      ids.some((memberId) => this.claim(memberId, unit));
    }
  }
}

function partitionsOf(
  unit: number,
  { topics }: GroupMember,
  partitionCounts: ReadonlyMap<string, number>,
): readonly TopicPartition[] {
  return topics
    .filter((topic) => unit < (partitionCounts.get(topic) ?? 0))
    .map((topic) => ({ topic, partition: unit }));
}

/** By code unit: the same on every machine, whatever its locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
