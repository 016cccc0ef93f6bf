import type { EventType } from '../../platform/avro/event';
import type { StateOf, TimerContext } from './app';

/** The state record at a key of one kind. Throws when another kind stands there: a bug. */
export function stateAt<S extends EventType, T extends S>(
  context: TimerContext<S>,
  key: string,
  type: T,
): StateOf<T> | undefined {
  const state = context.get(key) as { readonly type: EventType } | undefined;
  if (state === undefined) return undefined;
  if (state.type !== type) throw new Error(`${state.type} stands at ${key}, not ${type}`);
  return state as StateOf<T>;
}
