/**
 * When a payment was made, as the others order it against failures that we saw. PayPay's clock need
 * not agree with ours (it lets us be two minutes off), and it tells whole seconds, while failures
 * bear the time at which we asked. What our own reads prove holds whatever its clock says: it was
 * after the read that still saw no money, and not after the one that did.
 *
 *   our clock   100  read: CREATED
 *               130  read: COMPLETED      PayPay says paid at 250: taken for 130
 *               190  read: CANCELED       a failure at 190, after the success
 *   (test: "a reversal is newer than the success though PayPay's clock is ahead")
 *
 *   our clock   100  read: FAILED
 *               130  read: COMPLETED      PayPay says paid at 60: taken for 101
 *   (test: "a success is newer than the failure seen before it though PayPay's clock is behind")
 */
import type { Attempt } from './payment';

/** `before`: the attempt as it stood; `seenAt`: when money was first told of. ms since the epoch. */
export function paidTime(paidAt: number, before: Attempt, seenAt: number): number {
  // Of money that was told before, PayPay's own time stands: others know it by that.
  const unpaidAt = before.announced === 'NOTHING' ? before.observedAt : 0;
  return Math.min(Math.max(paidAt, unpaidAt + 1), Math.max(seenAt, unpaidAt + 1));
}
