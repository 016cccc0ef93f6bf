/**
 * S1: what a task does with the store it finds, from what Kafka and the store say. Pure.
 *
 *   committed offsets   store                       plan
 *   none, changelog empty   any                     begin     a new history; the store is cleared
 *   none, changelog not     any                     refuse    offsets are never reset silently
 *   seq n               seq n                       current   used as it is, nothing is read
 *   seq n               seq m < n                   catch-up  changelog from the store's position
 *   seq n               seq 0                       resume    a rebuild was interrupted: it goes on
 *   seq n               seq m > n                   rebuild   it knows of a commit that is not there
 *   seq n               empty                       rebuild
 *   seq n               other storeId or cluster    rebuild
 *   seq n               m < n and old               rebuild   tombstones may be gone
 */
import type { Checkpoint } from '../store/store';
import type { CommitMetadata } from './commit-metadata';

export type RestorePlan =
  | { readonly kind: 'begin' }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'current'; readonly checkpoint: Checkpoint }
  | {
      readonly kind: 'catch-up' | 'resume';
      readonly from: number;
      readonly committed: CommitMetadata;
    }
  | {
      readonly kind: 'rebuild';
      readonly from: number;
      readonly committed: CommitMetadata;
      readonly why: string;
    };

export interface RestoreFacts {
  readonly clusterId: string;
  /** Wall-clock time, ms since the epoch. */
  readonly now: number;
  readonly committed: CommitMetadata | undefined;
  readonly checkpoint: Checkpoint | undefined;
  readonly changelogStart: number;
  /** Whether a committed record stands in the changelog. */
  readonly changelogHolds: boolean;
  /** `delete.retention.ms` of the changelog: how long a tombstone can still be read. */
  readonly tombstonesKeptMs: number;
}

/** Whether the store is built, in part or as a whole, without knowing what is in it. */
export function buildsStore({ kind }: RestorePlan): boolean {
  return kind === 'rebuild' || kind === 'resume';
}

export function planRestore(facts: RestoreFacts): RestorePlan {
  const { committed, checkpoint } = facts;
  if (committed === undefined) {
    return facts.changelogHolds ? { kind: 'refuse' } : { kind: 'begin' };
  }
  const why = whyRebuild(facts, committed);
  if (why !== undefined || checkpoint === undefined) {
    return { kind: 'rebuild', from: facts.changelogStart, committed, why: why ?? 'there is none' };
  }
  if (checkpoint.seq === committed.seq) return { kind: 'current', checkpoint };
  const kind = checkpoint.seq === 0 ? 'resume' : 'catch-up';
  return { kind, from: checkpoint.changelogPosition, committed };
}

function whyRebuild(facts: RestoreFacts, committed: CommitMetadata): string | undefined {
  const { checkpoint } = facts;
  if (checkpoint === undefined) return 'there is none';
  if (checkpoint.clusterId !== facts.clusterId) {
    return `it belongs to cluster ${checkpoint.clusterId}`;
  }
  if (checkpoint.storeId !== committed.storeId) return 'it has the id of another store';
  if (checkpoint.seq > committed.seq) {
    return `it is at commit ${String(checkpoint.seq)}, Kafka at ${String(committed.seq)}`;
  }
  // Half of it: reading the changelog takes time, and clocks are not equal.
  const tooOldMs = facts.tombstonesKeptMs / 2;
  const ageMs = facts.now - checkpoint.writtenAt;
  if (checkpoint.seq < committed.seq && ageMs > tooOldMs) {
    return `it is ${String(Math.round(ageMs / 1_000))} s old and tombstones may be gone`;
  }
  return undefined;
}
