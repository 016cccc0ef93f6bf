/**
 * Owns where a reader stands in each of its partitions and what was fetched but not yet delivered.
 * What always holds: a partition is in at most one fetch, holds at most one undelivered fetch, and
 * what was fetched for a position that was moved or removed since is dropped, because the position
 * object is another one. Partitions served least recently come first, so that none starves.
 */
import { partitionName, type FetchedPartition, type TopicPartition } from '../broker';
import { messageOf, RuntimeError } from '../errors';
import { KAFKA_LIMITS } from '../limits';
import { KafkaError } from './protocol/error-codes';
import type { FetchPosition } from './protocol/fetch-api';

/** Why a position cannot be fetched now: in a fetch, waiting to try again, or failed for good. */
type Hold =
  | { readonly kind: 'none' }
  | { readonly kind: 'in-fetch' }
  | { readonly kind: 'backoff' }
  | { readonly kind: 'failed'; readonly error: RuntimeError };

export interface ReadPosition extends FetchPosition {
  readonly name: string;
  /** Where the next fetch begins: behind what is fetched but not delivered. */
  offset: number;
  leaderEpoch: number;
  paused: boolean;
  hold: Hold;
  fetched: FetchedPartition | undefined;
  /** When the attempts began to fail, and how many have; both 0 while they do not. */
  failingSince: number;
  failures: number;
}

export class ReadPositions {
  private readonly positions = new Map<string, ReadPosition>();

  *[Symbol.iterator](): IterableIterator<ReadPosition> {
    yield* this.positions.values();
  }

  /** Moving a partition leaves it paused if it was. */
  assign({ topic, partition }: TopicPartition, offset: number): void {
    const name = partitionName({ topic, partition });
    const paused = this.positions.get(name)?.paused ?? false;
    this.positions.set(name, {
      topic,
      partition,
      name,
      offset,
      leaderEpoch: -1,
      paused,
      hold: { kind: 'none' },
      fetched: undefined,
      failingSince: 0,
      failures: 0,
    });
  }

  unassign(partition: TopicPartition): void {
    this.positions.delete(partitionName(partition));
  }

  setPaused(partition: TopicPartition, paused: boolean): void {
    const position = this.positions.get(partitionName(partition));
    if (position !== undefined) position.paused = paused;
  }

  /** False once the partition was removed or moved: what comes for it is not wanted any more. */
  isCurrent(position: ReadPosition): boolean {
    return this.positions.get(position.name) === position;
  }

  /** All that may be delivered, each partition's once; they go to the end of the line. */
  takeFetched(): readonly FetchedPartition[] {
    const taken: FetchedPartition[] = [];
    for (const position of [...this]) {
      if (position.paused || position.fetched === undefined) continue;
      taken.push(position.fetched);
      position.fetched = undefined;
      this.positions.delete(position.name);
      this.positions.set(position.name, position);
    }
    return taken;
  }

  /** The first failure, if any. One that may pass is forgotten with this, so that reading goes on. */
  takeFailure(): RuntimeError | undefined {
    for (const position of this) {
      if (position.paused || position.hold.kind !== 'failed') continue;
      const { error } = position.hold;
      if (error.recovery === 'retry') clearFailures(position);
      return error;
    }
    return undefined;
  }
}

export function clearFailures(position: ReadPosition): void {
  position.hold = { kind: 'none' };
  position.failures = 0;
}

/** Counts a failed attempt at `now`: after the limit the position has failed, before it backs off. */
export function noteFailure(position: ReadPosition, error: unknown, now: number): void {
  if (position.failures === 0) position.failingSince = now;
  position.failures += 1;
  const lastedMs = now - position.failingSince;
  const verdict = failureOf(position, error, lastedMs);
  position.hold = verdict === undefined ? { kind: 'backoff' } : { kind: 'failed', error: verdict };
}

function failureOf(
  position: ReadPosition,
  error: unknown,
  lastedMs: number,
): RuntimeError | undefined {
  if (error instanceof RuntimeError) return error;
  const message = `Reading ${position.name} at offset ${position.offset}: ${messageOf(error)}`;
  const kind = error instanceof KafkaError ? error.kind : undefined;
  if (kind === 'OFFSET_OUT_OF_RANGE') {
    return new RuntimeError('OFFSET_OUT_OF_RANGE', message, { cause: error });
  }
  if (error instanceof KafkaError && error.verdict === 'refused') {
    return new RuntimeError('PROTOCOL', message, { cause: error });
  }
  if (lastedMs < KAFKA_LIMITS.unreachableMs) return undefined;
  const code = kind === 'UNKNOWN_TOPIC_OR_PARTITION' ? 'UNKNOWN_TOPIC' : 'BROKER_UNREACHABLE';
  return new RuntimeError(code, message, { cause: error });
}
