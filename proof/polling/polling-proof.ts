/**
 * Many open orders, every webhook lost: asking PayPay settles each of them, within the budget, and
 * none waits much longer than it must. All are paid at about the same time, which is the worst:
 * asked in turns, the last of N orders is reached N/R seconds later, whatever the order of turns.
 */
import type { CallsView } from '../../simulator/control-view';
import { paymentsEvents } from '../../topics/payments';
import { Crowd, inParallel } from '../scenarios/crowd';
import type { RunningStack } from '../../platform/running-stack';
import { seed } from '../scenarios/seed';
import { World } from '../scenarios/world';

export interface PollingProofOptions {
  readonly orders: number;
  readonly say: (line: string) => void;
}

interface Settled {
  readonly waitMs: number;
  readonly settledBy: string;
}

/** Placing, codes and payments of so many, on a machine that is busy. */
const STAGE_WITHIN_MS = 30 * 60_000;
/** The longest pause between two polls of an order that nobody else crowds out, with its jitter. */
const POLL_PAUSE_MAX_MS = 37_500;
/** Over the ideal: an order may just have been read before it was paid, and answers take a while. */
const WORST_SHARE = 1.25;
const WINDOW_S = 10;
/** On top may come what a quiet second saved up, and a second's calls that are counted beside it. */
const BURST_S = 2;

/** Whether it holds. */
export async function provePolling(
  stack: RunningStack,
  { orders, say }: PollingProofOptions,
): Promise<boolean> {
  const world = await World.open(stack, String(Date.now()), [paymentsEvents]);
  try {
    return await prove(world, orders, say);
  } finally {
    await world.paypay.planAllWebhooks({});
    await world.close();
  }
}

async function prove(world: World, orders: number, say: (line: string) => void) {
  const rate = world.stack.gatewayCallsPerSecond;
  const began = Date.now();
  await seed(world);
  await world.paypay.planAllWebhooks({ lose: true });
  const crowd = await Crowd.open(world, { name: 'polling', orders });
  const orderIds: string[] = [];
  await inParallel(orders, async () => {
    orderIds.push(await crowd.place());
  });
  say(`${String(orders)} orders placed (${secondsSince(began)})`);
  const codes = await allCodes(world, orderIds);
  say(`${String(codes.length)} codes open, polled in turns (${secondsSince(began)})`);
  const paidAt = await payAll(world, codes);
  say(`all paid, every webhook lost (${secondsSince(began)})`);
  const settled = await allSettled(world, paidAt);
  say(`all settled (${secondsSince(began)})`);
  return judge(settled, await world.paypay.calls(began), rate, say);
}

async function allCodes(world: World, orderIds: readonly string[]): Promise<readonly string[]> {
  return world.eventually(
    'every order has its code',
    () => {
      const issued = orderIds.map((orderId) => world.log.of('PaymentCodeIssued', orderId)[0]);
      const ids = issued.flatMap((code) => (code === undefined ? [] : [code.merchantPaymentId]));
      return ids.length === orderIds.length ? ids : undefined;
    },
    STAGE_WITHIN_MS,
    1_000,
  );
}

/** Resolves to when each was paid, by order. */
async function payAll(world: World, codes: readonly string[]) {
  const paidAt = new Map<string, number>();
  await inParallel(codes.length, async (index) => {
    const merchantPaymentId = codes[index] ?? '';
    const { charge } = await world.paypay.act(merchantPaymentId, { action: 'pay' });
    if (charge.kind !== 'paid') throw new Error(`${merchantPaymentId} is ${charge.kind}`);
    paidAt.set(merchantPaymentId.slice(0, merchantPaymentId.lastIndexOf('-')), charge.paidAt);
  });
  return paidAt;
}

async function allSettled(world: World, paidAt: ReadonlyMap<string, number>) {
  return world.eventually(
    'every order is settled',
    () => {
      const settled: Settled[] = [];
      for (const [orderId, paid] of paidAt) {
        const [success] = world.log.of('PaymentSucceeded', orderId);
        if (success === undefined) return undefined;
        settled.push({ waitMs: success.occurredAt - paid, settledBy: success.settledBy });
      }
      return settled;
    },
    STAGE_WITHIN_MS,
    1_000,
  );
}

function judge(
  settled: readonly Settled[],
  { seconds }: CallsView,
  rate: number,
  say: (line: string) => void,
): boolean {
  const waits = settled.map(({ waitMs }) => waitMs).sort((a, b) => a - b);
  const worstMs = waits.at(-1) ?? 0;
  const idealMs = Math.max((settled.length / rate) * 1_000, POLL_PAUSE_MAX_MS);
  const polled = settled.filter(({ settledBy }) => settledBy === 'POLL').length;
  const busiest = busiestWindow(seconds);
  const allowed = rate * (WINDOW_S + BURST_S);
  const reads = seconds.reduce((all, { calls }) => all + (calls['payment-details'] ?? 0), 0);
  say('');
  say(`settled             ${String(settled.length)}, of them ${String(polled)} by a poll`);
  say(`reads of PayPay     ${String(reads)} in ${String(seconds.length)} s with calls`);
  say(`budget              ${String(rate)} calls a second`);
  say(`busiest ${String(WINDOW_S)} s         ${String(busiest)} calls, ${String(allowed)} allowed`);
  say(`wait, median        ${inSeconds(waits[Math.floor(waits.length / 2)] ?? 0)}`);
  say(`wait, 99th perc.    ${inSeconds(waits[Math.floor(waits.length * 0.99)] ?? 0)}`);
  say(`wait, worst         ${inSeconds(worstMs)}`);
  say(`wait, ideal worst   ${inSeconds(idealMs)}  (orders / budget, or the longest poll pause)`);
  const holds = polled === settled.length && busiest <= allowed && worstMs <= idealMs * WORST_SHARE;
  say(holds ? 'it holds' : 'it does NOT hold');
  return holds;
}

function busiestWindow(seconds: CallsView['seconds']): number {
  const counts = seconds.map(({ at, calls }) => ({
    at,
    calls: Object.values(calls).reduce((sum, count) => sum + count, 0),
  }));
  const windows = counts.map(({ at }) =>
    counts
      .filter((each) => each.at >= at && each.at < at + WINDOW_S * 1_000)
      .reduce((sum, { calls }) => sum + calls, 0),
  );
  return Math.max(0, ...windows);
}

function secondsSince(began: number): string {
  return inSeconds(Date.now() - began);
}

function inSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
