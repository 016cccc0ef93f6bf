/**
 * What the routes need of Kafka for writing. `append` resolves once every in-sync replica has the
 * event, so an answer given after it is never taken back.
 */
import type { EventOf, EventType } from '../../schemas/event';
import type { Topic } from '../../topics/topic';

export interface EventLog {
  /**
   * Rejects with `LOG_UNAVAILABLE` when Kafka has not confirmed within `deadlineMs`. It may have
   * taken the event all the same; callers are told to retry, and consumers absorb the repeat.
   */
  append<T extends EventType>(
    topic: Topic<T>,
    event: EventOf<NoInfer<T>>,
    deadlineMs: number,
  ): Promise<void>;
}
