/**
 * Notifications that came before their order: one flag per order, a limited number per task, for a
 * limited time. Nothing is asked of PayPay meanwhile, so a flood of forged webhooks costs it
 * nothing. What is given up becomes a dead letter that says where the notification stands; it is
 * written as an output, because outside chance must not count towards the flood that stops an app.
 */
import { header } from '../../schemas/header';
import type { EventOf } from '../../schemas/event';
import type { Cause } from '../../schemas/header';
import type { LogPosition, StateOf } from '../runtime/app';

export type Parked = StateOf<'ParkedNotification'>;

export type GivenUp = 'ORDER_NEVER_CAME' | 'PARKING_FULL';

const REASONS: Readonly<Record<GivenUp, string>> = {
  ORDER_NEVER_CAME: 'no order of this id came while the notification was parked',
  PARKING_FULL: 'too many notifications of unknown orders are parked',
};

export function park(
  event: EventOf<'PaymentNotificationReceived'>,
  { topic, partition, offset }: LogPosition,
): Parked {
  return {
    type: 'ParkedNotification',
    orderId: event.orderId,
    notificationId: event.eventId,
    topic,
    partition,
    offset,
  };
}

export function givenUp(
  app: string,
  { orderId, notificationId, topic, partition, offset }: Parked,
  errorCode: GivenUp,
  cause: Cause,
): EventOf<'DeadLetter'> {
  return {
    type: 'DeadLetter',
    ...header(cause, `dead-letter/${app}`, orderId),
    app,
    topic,
    partition,
    offset,
    key: Buffer.from(orderId),
    // The record is read from its place; the flag is too small to hold it.
    value: null,
    valueBytes: 0,
    headers: {},
    errorCode,
    reason: `${REASONS[errorCode]} (notification ${notificationId})`,
  };
}
