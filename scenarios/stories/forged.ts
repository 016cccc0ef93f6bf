/** Webhooks that PayPay did not send. */
import type { Scenario } from '../scenario';

export const forgedWebhook: Scenario = {
  name: 'forged-webhook',
  expected: 'someone posts COMPLETED for an order that nobody paid; PayPay is asked, nothing moves',
  async play(world) {
    const { edge, orderId, merchantPaymentId } = await world.orderWithCode('forged-webhook');
    await world.paypay.forge(merchantPaymentId, 'COMPLETED');
    const notification = await world.event('PaymentNotificationReceived', orderId);
    world.expect(notification.verdict === 'HINT', 'the webhook is a hint, not a fact');
    const observed = await world.event(
      'PaymentStatusObserved',
      orderId,
      undefined,
      (seen) => seen.purpose === 'NOTIFICATION',
    );
    world.expect(observed.status === 'CREATED', `PayPay says CREATED (${observed.status})`);
    await world.viewed(edge, orderId, 'WAITING_PAYMENT');
    world.expect(world.log.of('PaymentSucceeded', orderId).length === 0, 'no payment succeeded');
    world.expect(world.log.of('OrderPaid', orderId).length === 0, 'the order is not PAID');
    // Not left open: its poll would go on until it expires.
    await edge.cancel(orderId, 'end of the scenario');
    await world.event('OrderFailed', orderId);
    return 'taken as a HINT; PayPay said CREATED; the order stayed WAITING_PAYMENT';
  },
};
