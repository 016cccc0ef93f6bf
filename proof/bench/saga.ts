/**
 * `npm run bench:saga`: the whole shop, every app, the views, the edge and the simulated PayPay, from
 * the order over HTTP to the shopper's page that says PAID. How many orders a second it carries, and
 * how long after PayPay has the money the page turns, at a rate that a busy shop has; beside the sum
 * of the hops between, each measured alone on the same broker.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { oneStreamsProcess, startPipeline } from '../../local/pipeline/pipeline';
import { progressOn } from '../../local/processes/progress';
import { ordersEvents } from '../../topics/orders';
import { paymentsEvents } from '../../topics/payments';
import { inParallel } from '../scenarios/crowd';
import { seed } from '../scenarios/seed';
import { World } from '../scenarios/world';
import type { Answer, Metric } from './figures';
import { hopTimes } from './hops';
import { runAlone, type Bench, type Question } from './question';
import { SagaCrowd, type SagaTimes } from './saga-crowd';
import { quantile } from './statistics';
import { inTurns } from './turns';
import { usageOf } from './usage';

const AT_ONCE = 50;
const ORDERS_AT_FULL_LOAD = 600;
/** Room for a queue at the fixed rates. */
const CROWD_AT_ONCE = 600;
const CALM_PER_SECOND = [10, 50];
const CALM_SECONDS = 15;
/**
 * Between PayPay's webhook and the page, as the default has it that confirms a webhook at PayPay: the
 * edge writes it, then payments, the gateway, payments and orders each commit a transaction.
 */
const PLAIN_HOPS = 1;
const TRANSACTIONS = 4;

const METRICS: readonly Metric[] = [
  { name: 'orders/s, ordered to PAID', decimals: 1, better: 'more' },
  { name: 'CPU-ms of the streams process per order', decimals: 1, better: 'less' },
  { name: 'CPU-ms of the edge per order', decimals: 1, better: 'less' },
  ...CALM_PER_SECOND.flatMap((rate) =>
    ['p50', 'p99'].map((name) => ({
      name: `webhook to page, ${name} at ${String(rate)} orders/s, ms`,
      decimals: 0,
      better: 'less' as const,
    })),
  ),
  { name: 'sum of the hops alone, p50, ms', decimals: 0, better: 'less' },
  { name: 'sum of the hops alone, p99, ms', decimals: 0, better: 'less' },
];

export const saga: Question = {
  name: 'saga',
  services: ['kafka', 'registry', 'postgres', 'redis', 'firebase'],
  ask: measure,
};

async function measure(bench: Bench): Promise<Answer> {
  const { ground, abandon } = bench;
  const pipeline = await startPipeline({
    stack: ground.stack,
    progress: progressOn(),
    abandon,
    // PayPay's own limit is not what is measured.
    environment: { ...process.env, GATEWAY_CALLS_PER_SECOND: '2000' },
    streams: oneStreamsProcess(),
  });
  try {
    const run = String(Date.now());
    const world = await World.open(pipeline.running, run, [ordersEvents, paymentsEvents]);
    try {
      await seed(world);
      const cpuOf = (name: string) => usageOf(pipeline.processes.get(name)?.pid ?? 0).cpuSeconds;
      const rounds = await inTurns(bench, [{ name: 'the shop' }], () =>
        round(bench, world, () => ({ streams: cpuOf('streams'), edge: cpuOf('edge') })),
      );
      return {
        question: 'saga',
        title: 'The whole saga: ordered, paid at PayPay, and the page says so',
        notes: [
          `Every app, the views and the edge run, in one streams process and one edge, with the simulated PayPay; ${String(AT_ONCE)} orders under way at full load, ${String(ORDERS_AT_FULL_LOAD)} in all; then ${CALM_PER_SECOND.map(String).join(' and ')} orders a second for ${String(CALM_SECONDS)} s each.`,
          'Webhook to page: from the moment when PayPay has the money, and sends its webhook, to the event on the socket of the shopper; the webhook is confirmed at PayPay before it is believed, as the default has it.',
          `Hops alone: ${String(PLAIN_HOPS)} plain write with acks=all and ${String(TRANSACTIONS)} transactions of one record and one offset, each until a reader of committed records has it, one at a time on the same broker while the shop stands idle; their quantiles added up.`,
        ],
        metrics: METRICS,
        sides: rounds,
      };
    } finally {
      await world.close();
    }
  } finally {
    await pipeline.stop();
  }
}

interface Cpu {
  readonly streams: number;
  readonly edge: number;
}

async function round({ ground }: Bench, world: World, cpu: () => Cpu) {
  const calmOrders = CALM_PER_SECOND.reduce((sum, rate) => sum + rate * CALM_SECONDS, 0);
  const crowd = await SagaCrowd.open(world, CROWD_AT_ONCE, ORDERS_AT_FULL_LOAD + calmOrders);
  try {
    const before = cpu();
    const full: SagaTimes[] = [];
    await inParallel(ORDERS_AT_FULL_LOAD, async () => {
      full.push(await crowd.buy());
    });
    const after = cpu();
    const first = Math.min(...full.map(({ askedAt }) => askedAt));
    const last = Math.max(...full.map(({ shownAt }) => shownAt));
    const perOrder = (from: number, to: number) => ((to - from) * 1_000) / ORDERS_AT_FULL_LOAD;
    const figures: Record<string, number> = {
      'orders/s, ordered to PAID': ORDERS_AT_FULL_LOAD / ((last - first) / 1_000),
      'CPU-ms of the streams process per order': perOrder(before.streams, after.streams),
      'CPU-ms of the edge per order': perOrder(before.edge, after.edge),
    };
    for (const rate of CALM_PER_SECOND) {
      const waits = (await bought(crowd, rate)).map(({ paidAt, shownAt }) => shownAt - paidAt);
      figures[`webhook to page, p50 at ${String(rate)} orders/s, ms`] = quantile(waits, 0.5);
      figures[`webhook to page, p99 at ${String(rate)} orders/s, ms`] = quantile(waits, 0.99);
    }
    const { plain, transaction } = await hopTimes(ground);
    for (const [name, share] of [
      ['p50', 0.5],
      ['p99', 0.99],
    ] as const) {
      figures[`sum of the hops alone, ${name}, ms`] =
        PLAIN_HOPS * quantile(plain, share) + TRANSACTIONS * quantile(transaction, share);
    }
    return figures;
  } finally {
    crowd.close();
  }
}

/** At a rate, whatever becomes of those before. */
async function bought(crowd: SagaCrowd, perSecond: number): Promise<readonly SagaTimes[]> {
  const begun = performance.now();
  const buying: Promise<SagaTimes>[] = [];
  for (let index = 0; index < perSecond * CALM_SECONDS; index += 1) {
    const dueAt = begun + (index * 1_000) / perSecond;
    await sleep(Math.max(0, dueAt - performance.now()));
    const purchase = crowd.buy();
    purchase.catch(() => undefined);
    buying.push(purchase);
  }
  return Promise.all(buying);
}

if (require.main === module) runAlone(saga);
