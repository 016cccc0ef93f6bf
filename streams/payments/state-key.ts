/**
 * What stands where in the state of payments: at an orderId what is known of its payment or, until
 * the order appears, the flag of a parked notification; at the keys below what concerns all orders
 * of a task. They are not UUIDs, so no order has them.
 */
export type OrderState = 'PaymentState' | 'ParkedNotification';
export type State = OrderState | 'ParkedCount' | 'SettlementTally' | 'WebhookSilence';

/** Flags that are parked. */
export const PARKED_COUNT_KEY = 'parked';
/** Successes that are not reported yet. */
export const TALLY_KEY = 'tally';
/** Whether webhooks come; in the task that the counts of all tasks come to. */
export const SILENCE_KEY = 'webhooks';
