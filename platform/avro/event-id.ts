import { v5 } from 'uuid';

/**
 * Ids are derived, never drawn: the same cause and role give the same id, so a replay after a
 * crash, and every reader of the log, make the event that was made before.
 */
const EVENT_NAMESPACE = '6f0e1f5e-6b1f-5c4e-9a53-0d8a3f1c7b52';

/** The id of what `cause` leads to in the part of `role`; UUID v5. `role` is unique per cause. */
export function eventId(cause: string, role: string): string {
  return v5(`${cause}/${role}`, EVENT_NAMESPACE);
}
