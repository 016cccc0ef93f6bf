/**
 * What may be killed in a chaos run: the name of a process, who knows its pid, and the parts of the
 * product that must be seen at work again before it counts as recovered.
 */
import { COMMIT_STEPS, type CommitStep } from './commit-step';

export interface Target {
  readonly name: string;
  /** Undefined while the supervisor has none. */
  pid(): number | undefined;
}

/** A part of the product that can be seen at work from outside. */
export const PARTS = [
  'orders',
  'inventory',
  'accounts',
  'payments',
  'alerts',
  'gateway',
  'views',
  'edge',
  'registry',
] as const;
export type Part = (typeof PARTS)[number];

const WITH_STORE = ['orders', 'inventory', 'accounts', 'payments', 'alerts'] as const;
const APPS: readonly Part[] = [...WITH_STORE, 'gateway'];

/** The parts that are stalled while the victim is away. */
export function partsOf(victim: string): readonly Part[] {
  const own = PARTS.find((part) => part === victim);
  if (own !== undefined) return [own];
  // A broker takes some partitions of every app with it.
  if (victim.startsWith('kafka')) return APPS;
  if (victim === 'postgres') return ['views'];
  if (victim === 'redis') return ['edge'];
  throw new Error(`nothing is known of ${victim}`);
}

/** In which of its steps a victim can be killed; none: it commits nothing. */
export function stepsOf(victim: string): readonly CommitStep[] {
  if (victim === 'views') return ['between commits', 'writing rows'];
  if (victim === 'gateway') {
    return COMMIT_STEPS.filter((step) => step !== 'writing the store' && step !== 'writing rows');
  }
  const keepsState = WITH_STORE.some((app) => app === victim);
  return keepsState ? COMMIT_STEPS.filter((step) => step !== 'writing rows') : [];
}
