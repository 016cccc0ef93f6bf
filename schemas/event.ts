/** The shop's events join those that the platform knows. */
import type { EventsByType as ShopEvents } from './generated';

declare module '../platform/avro/event' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- it extends, and adds nothing
  interface EventsByType extends ShopEvents {}
}

export type { AnyEvent, EventOf, EventType, EventWithout } from '../platform/avro/event';
