import type { AnyEvent } from '../../schemas/event';

/** The event as its schema has it: `type` is the record's name and has a column of its own. */
export function payloadOf(event: AnyEvent): object {
  return Object.fromEntries(Object.entries(event).filter(([name]) => name !== 'type'));
}
