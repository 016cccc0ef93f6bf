import type { EventType } from './avro/event';
import { COMPACT, type TopicCleanup } from './topic';

/**
 * The changelog of an app's state: partition p belongs to task p. Its key is the state's key, its
 * value the state record with its timers (S2: a store can be rebuilt from it alone).
 */
export interface Changelog<S extends EventType = EventType> {
  readonly name: string;
  readonly types: readonly S[];
  readonly cleanup: TopicCleanup;
}

/** `states`: the records of schemas/ that may stand in the app's store. */
export function changelogOf<const S extends EventType>(
  app: string,
  states: readonly S[],
): Changelog<S> {
  return { name: `${app}.changelog.v1`, types: states, cleanup: COMPACT };
}
