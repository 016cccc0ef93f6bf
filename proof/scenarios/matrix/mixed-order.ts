/** One order with its mix of faults, from the purchase to the end that can be seen of it. */
import { orderIdOf } from '../../../schemas/event-id';
import type { FaultMix } from '../../../simulator/fault-mix';
import type { EdgeClient } from '../edge-client';
import { waitFor } from '../event-log';
import type { World } from '../world';
import { expectedEnd, isSame, type EndState } from './expectation';

/** An order that has ended, as far as it will. */
export interface MixedOrder {
  readonly faults: FaultMix;
  /** Looks again, at the log and at what the edge shows. In words when it is no end at all. */
  seen(): Promise<EndState | string>;
}

/** Beyond the time to pay, for the saga, the checks of a verdict and a machine that is busy. */
const BEYOND_LIFETIME_MS = 120_000;

/** Resolves once the order is as expected, or when it has had all the time that it may take. */
export async function playMix(world: World, name: string, faults: FaultMix): Promise<MixedOrder> {
  const { edge, userId } = await world.newShopper(name);
  const key = `${name}-${world.run}`;
  const orderId = orderIdOf(userId, key);
  await world.paypay.assignFaults(orderId, faults);
  await edge.placeOrder([{ sku: 'matcha-30g', quantity: 1 }], key);
  const order = { faults, seen: () => endOf(world, edge, orderId) };
  const withinMs = world.stack.paymentsLifetimeMs + BEYOND_LIFETIME_MS;
  if (faults.includes('authorized-cancelled')) await cancelOnceAuthorized(world, edge, orderId);
  const expected = expectedEnd(faults);
  await waitFor(async () => {
    const { phase } = await world.paypay.faultsOf(orderId);
    if (phase.kind === 'broken') return true;
    if (phase.kind !== 'over' || !isLogged(world, orderId, expected)) return undefined;
    const seen = await order.seen();
    return typeof seen !== 'string' && isSame(seen, expected) ? true : undefined;
  }, withinMs);
  return order;
}

/** The money is authorized, and the shopper changes their mind; an order that is over stays so. */
async function cancelOnceAuthorized(world: World, edge: EdgeClient, orderId: string) {
  const status = await waitFor(async () => {
    const { phase } = await world.paypay.faultsOf(orderId);
    if (phase.kind !== 'over') return undefined;
    const shown = await edge.order(orderId);
    return shown?.status === 'PENDING' ? undefined : shown?.status;
  }, world.stack.paymentsLifetimeMs);
  if (status === 'WAITING_PAYMENT') await edge.cancel(orderId, 'changed my mind');
}

/** Cheap, because it is asked often: the log alone, and no request to the edge. */
function isLogged({ log }: World, orderId: string, { order, alerts }: EndState): boolean {
  return statusOf(log, orderId) === order && alertsOf(log, orderId) === alerts;
}

async function endOf(world: World, edge: EdgeClient, orderId: string): Promise<EndState | string> {
  const { phase } = await world.paypay.faultsOf(orderId);
  if (phase.kind === 'broken') return `the play broke: ${phase.message}`;
  if (phase.kind !== 'over') return `the play is ${phase.kind}`;
  const status = statusOf(world.log, orderId);
  const shown = await edge.order(orderId);
  if (status === undefined || shown?.status !== status) {
    return `the log says ${String(status)}, the edge ${String(shown?.status)}`;
  }
  const { held, used } = await edge.account();
  const price = shown.totalAmount;
  const funds = [used === price && held === 0, used === 0 && held === price, used + held === 0];
  const [which] = (['used', 'held', 'released'] as const).filter((_, index) => funds[index]);
  if (which === undefined) return `of ${String(price)}, ${String(held)} held, ${String(used)} used`;
  return { order: status, alerts: alertsOf(world.log, orderId), funds: which };
}

function statusOf(log: World['log'], orderId: string): EndState['order'] | undefined {
  const [paid, failed] = [log.of('OrderPaid', orderId), log.of('OrderFailed', orderId)];
  // Both, or one of them twice, is no state at all.
  if (paid.length + failed.length > 1) return undefined;
  if (paid.length === 1) return 'PAID';
  if (failed.length === 1) return 'FAILED';
  return log.of('OrderWaitingPayment', orderId).length === 1 ? 'WAITING_PAYMENT' : undefined;
}

function alertsOf(log: World['log'], orderId: string): string {
  return log
    .of('AlertRaised', orderId)
    .map(({ rule }) => rule)
    .sort()
    .join(', ');
}
