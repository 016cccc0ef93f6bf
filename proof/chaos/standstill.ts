/**
 * How long the apps stalled around a moment, seen in their changelogs: the longest time between
 * two commits of one partition. What always holds: it is never too short; with few orders on a
 * partition it is too long, since nothing was to be done meanwhile.
 */
import { partitionName } from '../../streams/runtime/broker';
import { changelogTopics } from '../../topics/catalogue';
import type { ReadAlong } from './read-along';

/** A partition with nothing to do just before tells nothing about what comes after. */
const BUSY_WITHIN_MS = 2_000;

export interface Standstill {
  /** Longest of its partitions, ms. */
  readonly worstMs: number;
  readonly medianMs: number;
  /** Partitions that were busy and told. */
  readonly partitions: number;
}

export class Standstills {
  private readonly commits = new Map<string, number[]>();

  constructor(log: ReadAlong) {
    const names = new Set(changelogTopics.map(({ name }) => name));
    log.watch((place, { timestamp }) => {
      if (!names.has(place.topic)) return;
      const times = this.commits.get(partitionName(place));
      if (times === undefined) this.commits.set(partitionName(place), [timestamp]);
      else if (times.at(-1) !== timestamp) times.push(timestamp);
    });
  }

  /** Between two moments, ms since the epoch; a gap that is still open then counts up to the end. */
  between(from: number, to: number): Standstill {
    const gaps = [...this.commits.values()]
      .flatMap((times) => longestGap(times, from, to) ?? [])
      .sort((a, b) => a - b);
    return {
      worstMs: gaps.at(-1) ?? 0,
      medianMs: gaps[Math.floor(gaps.length / 2)] ?? 0,
      partitions: gaps.length,
    };
  }
}

/** Of commits at `times`, rising; undefined when there was none shortly before `from`. */
export function longestGap(times: readonly number[], from: number, to: number): number | undefined {
  const before = times.findLast((time) => time <= from);
  if (before === undefined || from - before > BUSY_WITHIN_MS) return undefined;
  const within = times.filter((time) => time > from && time <= to);
  const steps = [before, ...within, to];
  return Math.max(...steps.slice(1).map((time, index) => time - (steps[index] ?? time)));
}
