/** Orders that fail: what was held is released once, and nothing is left behind. */
import type { Scenario } from '../scenario';
import type { World } from '../world';

async function failedAs(
  world: World,
  orderId: string,
  reason: string,
  releases: number,
): Promise<void> {
  const failed = await world.event('OrderFailed', orderId);
  world.expect(failed.reason === reason, `it failed by ${reason}, not ${failed.reason}`);
  await world.eventually(`${String(releases)} releases of stock`, () =>
    world.log.of('StockReleased', orderId).length >= releases ? true : undefined,
  );
  world.expect(world.log.of('StockReleased', orderId).length === releases, 'each is released once');
  world.expect(world.log.of('OrderFailed', orderId).length === 1, 'it failed once');
  world.expect(world.log.of('OrderPaid', orderId).length === 0, 'it was never PAID');
}

async function nothingHeld(world: World, edge: World['ops']): Promise<void> {
  await world.eventually('nothing is held against the limit', async () =>
    (await edge.account()).held === 0 ? true : undefined,
  );
}

export const outOfStock: Scenario = {
  name: 'out-of-stock',
  expected: 'one of two items is out of stock; the other is released and the order fails',
  async play(world) {
    const { edge } = await world.newShopper('out-of-stock');
    const items = [
      { sku: 'matcha-30g', quantity: 1 },
      { sku: 'sold-out-bowl', quantity: 1 },
    ];
    const orderId = await edge.placeOrder(items, `out-of-stock-${world.run}`);
    const rejected = await world.event('StockReservationRejected', orderId);
    await failedAs(world, orderId, 'OUT_OF_STOCK', 1);
    await world.viewed(edge, orderId, 'FAILED');
    return `${rejected.sku} was rejected (${rejected.reason}), matcha-30g released once, FAILED`;
  },
};

export const overLimit: Scenario = {
  name: 'over-limit',
  expected: "the total is over the shopper's spending limit; the stock is released",
  async play(world) {
    const { edge } = await world.newShopper('over-limit');
    const orderId = await edge.placeOrder(
      [{ sku: 'tea-room', quantity: 1 }],
      `over-limit-${world.run}`,
    );
    const rejected = await world.event('FundsHoldRejected', orderId);
    await failedAs(world, orderId, 'OVER_LIMIT', 1);
    await nothingHeld(world, edge);
    return `¥${String(rejected.amount)} asked, ¥${String(rejected.available)} available; FAILED, stock released once`;
  },
};

export const paymentFailed: Scenario = {
  name: 'payment-failed',
  expected: 'PayPay says that the payment failed; stock and funds are released',
  async play(world) {
    const { edge, orderId, merchantPaymentId } = await world.orderWithCode('payment-failed');
    await world.paypay.act(merchantPaymentId, { action: 'fail' });
    const failed = await world.event('PaymentFailed', orderId);
    await failedAs(world, orderId, 'PAYMENT_FAILED', 1);
    await world.event('FundsReleased', orderId);
    await nothingHeld(world, edge);
    return `PaymentFailed (${failed.reason}); FAILED, stock and funds released once`;
  },
};

export const expired: Scenario = {
  name: 'expired',
  expected: 'nobody pays in time; the order fails and everything is released',
  async play(world) {
    const { edge, orderId, merchantPaymentId } = await world.orderWithCode('expired');
    await world.paypay.act(merchantPaymentId, { action: 'expire' });
    await world.event('PaymentExpired', orderId);
    await failedAs(world, orderId, 'PAYMENT_EXPIRED', 1);
    await nothingHeld(world, edge);
    return 'PaymentExpired; FAILED, stock and funds released once';
  },
};

/** For the end of the code, and all that is asked of PayPay after it. */
const BEYOND_EXPIRY_MS = 60_000;

/** The authorization is reverted at PayPay, and nothing is held here. */
async function givenFree(
  world: World,
  edge: World['ops'],
  merchantPaymentId: string,
): Promise<void> {
  await nothingHeld(world, edge);
  const { status } = await world.paypay.payment(merchantPaymentId);
  world.expect(status === 'CANCELED', `PayPay has reverted the authorization (${status})`);
}

export const authorizedCancelled: Scenario = {
  name: 'authorized-cancelled',
  expected:
    'PayPay has authorized the payment and the shopper cancels; PayPay is asked to revert the authorization, and once it has the order fails',
  async play(world) {
    const { edge, orderId, merchantPaymentId } = await world.orderWithCode('authorized-cancelled');
    await world.viewed(edge, orderId, 'WAITING_PAYMENT');
    await world.paypay.act(merchantPaymentId, { action: 'authorize' });
    await edge.cancel(orderId, 'changed my mind');
    await world.event('AuthorizationReverted', orderId);
    await failedAs(world, orderId, 'CANCELLED', 1);
    await givenFree(world, edge, merchantPaymentId);
    return 'PayPay reverted the authorization, then the order FAILED as CANCELLED';
  },
};

export const authorizedExpired: Scenario = {
  name: 'authorized-expired',
  expected:
    'PayPay has authorized the payment and does not capture it before the code expires; it is asked to revert the authorization, and once it has the order fails',
  lasts: 'code-lifetime',
  async play(world) {
    const name = 'authorized-expired';
    const { edge, orderId, code, merchantPaymentId } = await world.orderWithCode(name);
    await world.paypay.act(merchantPaymentId, { action: 'authorize' });
    const withinMs = Math.max(0, code.expiresAt - Date.now()) + BEYOND_EXPIRY_MS;
    await world.event('AuthorizationReverted', orderId, withinMs);
    await failedAs(world, orderId, 'PAYMENT_EXPIRED', 1);
    await givenFree(world, edge, merchantPaymentId);
    return 'PayPay reverted the authorization after the expiry, then the order FAILED as PAYMENT_EXPIRED';
  },
};

export const cancelled: Scenario = {
  name: 'cancelled',
  expected:
    'the shopper cancels while the code is open; the code is withdrawn before the order fails',
  async play(world) {
    const { edge, orderId, merchantPaymentId } = await world.orderWithCode('cancelled');
    await world.viewed(edge, orderId, 'WAITING_PAYMENT');
    await edge.cancel(orderId, 'changed my mind');
    await world.event('OrderCancellationStarted', orderId);
    await world.event('CodeDeleted', orderId);
    await failedAs(world, orderId, 'CANCELLED', 1);
    await nothingHeld(world, edge);
    const { code } = await world.paypay.payment(merchantPaymentId);
    world.expect(code === 'deleted', 'nobody can pay the code any more');
    return 'the code was withdrawn at PayPay, then the order FAILED as CANCELLED';
  },
};
