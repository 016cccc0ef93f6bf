/**
 * Orders a second for a time, placed in the shop as shoppers place them, and played at PayPay with
 * mixes of faults drawn from a seed. Tells how they end.
 */
import type { Fault } from '../../simulator/fault-mix';
import type { MixSource } from '../../simulator/fault-plays';
import { systemClock } from '../../platform/clock';
import { alertsRaised } from '../../topics/alerts';
import { ordersEvents } from '../../topics/orders';
import { Crowd, CROWD_AT_ONCE } from './crowd';
import { waitFor } from './event-log';
import type { RunningStack } from '../../platform/running-stack';
import { seed as seedShop } from './seed';
import { World } from './world';

export interface LoadOptions {
  readonly ordersPerSecond: number;
  readonly durationMs: number;
  readonly seed: number;
  /** Faults that may be drawn; none of them: every order is paid. */
  readonly among: readonly Fault[];
  readonly say: (line: string) => void;
}

/** Between two lines about how far it is. */
const TELL_EVERY_MS = 5_000;
/** After the last order: polls find what webhooks did not tell; codes that nobody pays live longer. */
const SETTLE_WITHIN_MS = 60_000;

export async function playLoad(stack: RunningStack, options: LoadOptions): Promise<void> {
  const world = await World.open(stack, String(Date.now()), [ordersEvents, alertsRaised]);
  try {
    const { faultMix } = await world.paypay.state();
    await seedShop(world);
    const orders = Math.ceil((options.ordersPerSecond * options.durationMs) / 1_000);
    const crowd = await Crowd.open(world, { name: 'load', orders });
    await world.paypay.drawFaults({ seed: options.seed, among: [...options.among] });
    try {
      await place(world, crowd, orders, options);
    } finally {
      await restore(world, faultMix);
    }
  } finally {
    await world.close();
  }
}

async function place(
  world: World,
  crowd: Crowd,
  orders: number,
  { ordersPerSecond, say }: LoadOptions,
): Promise<void> {
  const orderIds: string[] = [];
  const began = systemClock.now();
  let toldAt = began;
  let toldEnds = '';
  let next = 0;
  const tell = (always: boolean) => {
    const now = systemClock.now();
    const ends = endsText(world, orderIds);
    if (!always && (now < toldAt + TELL_EVERY_MS || ends === toldEnds)) return;
    [toldAt, toldEnds] = [now, ends];
    const rate = (orderIds.length * 1_000) / Math.max(1, now - began);
    say(
      `${String(orderIds.length)} of ${String(orders)} placed; ${ends}${always ? `; ${rate.toFixed(1)} a second` : ''}`,
    );
  };
  const placer = async () => {
    while (next < orders) {
      const dueAt = began + (next * 1_000) / ordersPerSecond;
      next += 1;
      await systemClock.sleep(Math.max(0, dueAt - systemClock.now()));
      orderIds.push(await crowd.place());
      tell(false);
    }
  };
  await Promise.all(Array.from({ length: Math.min(orders, CROWD_AT_ONCE) }, placer));
  tell(true);
  await waitFor(() => {
    tell(false);
    return endsOf(world, orderIds).open === 0 ? true : undefined;
  }, SETTLE_WITHIN_MS);
  const left = endsOf(world, orderIds).open;
  const codes = `those open have until their codes expire, ${String(world.stack.paymentsLifetimeMs / 1_000)} s`;
  say(`in the end: ${endsText(world, orderIds)}${left > 0 ? `; ${codes}` : ''}`);
}

interface Ends {
  readonly paid: number;
  readonly failed: number;
  /** Of open orders only: a wrong amount waits for somebody to decide. */
  readonly mismatched: number;
  readonly open: number;
  readonly alerts: number;
}

function endsOf({ log }: World, orderIds: readonly string[]): Ends {
  const count = (holds: (orderId: string) => boolean) => orderIds.filter(holds).length;
  const isPaid = (orderId: string) => log.of('OrderPaid', orderId).length > 0;
  const isFailed = (orderId: string) => log.of('OrderFailed', orderId).length > 0;
  const isMismatched = (orderId: string) =>
    !isPaid(orderId) &&
    !isFailed(orderId) &&
    log.of('AlertRaised', orderId).some(({ rule }) => rule === 'RULE_E');
  const [paid, failed, mismatched] = [count(isPaid), count(isFailed), count(isMismatched)];
  return {
    paid,
    failed,
    mismatched,
    open: orderIds.length - paid - failed - mismatched,
    alerts: orderIds.reduce((sum, orderId) => sum + log.of('AlertRaised', orderId).length, 0),
  };
}

function endsText(world: World, orderIds: readonly string[]): string {
  const { paid, failed, mismatched, open, alerts } = endsOf(world, orderIds);
  return `${String(paid)} PAID, ${String(failed)} FAILED, ${String(mismatched)} waiting with a wrong amount, ${String(open)} open, ${String(alerts)} alerts`;
}

function restore({ paypay }: World, before: MixSource): Promise<unknown> {
  return before.kind === 'off'
    ? paypay.stopFaults()
    : paypay.drawFaults({ seed: before.seed, among: [...before.among] });
}
