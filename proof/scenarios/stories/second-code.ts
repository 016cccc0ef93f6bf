/** An order whose first code exists at PayPay without the shop having been told. */
import { orderIdOf } from '../../../schemas/event-id';
import type { World } from '../world';

/** Longer than the shop takes to ask again. */
const LOST_MS = 60_000;

export async function orderWithSecondCode(world: World, name: string) {
  const { edge, userId } = await world.newShopper(name);
  const key = `${name}-${world.run}`;
  const orderId = orderIdOf(userId, key);
  const first = `${orderId}-1`;
  await world.paypay.breakApiOf(first, {
    mode: 'disconnect',
    effect: 'applied',
    durationMs: LOST_MS,
    operations: ['create-code'],
  });
  await edge.placeOrder([{ sku: 'matcha-30g', quantity: 1 }], key);
  const code = await world.event('PaymentCodeIssued', orderId);
  await world.paypay.repairApiOf(first);
  world.expect(code.attempt === 2, `the second code was shown (${String(code.attempt)})`);
  return { edge, orderId, code };
}
