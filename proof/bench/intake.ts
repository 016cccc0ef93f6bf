/**
 * `npm run bench:intake`: how many webhooks a second the edge takes, each validated, written to Kafka
 * as Avro with acks=all and only then answered 200; beside the same Fastify answering 200 at once.
 * Kafka, the registry and one server run, and nothing else. Also how long an answer takes at half of
 * what the edge could take.
 */
import path from 'node:path';
import autocannon from 'autocannon';
import { eventId } from '../../schemas/event-id';
import { japaneseTime, type WebhookBody } from '../../simulator/webhook-body';
import { paymentsNotifications } from '../../topics/payments';
import { sumOf } from './bench-ground';
import { chosen } from './bench-flags';
import type { Answer, Metric } from './figures';
import { bareFastify, edgeForWebhooks, type HttpSide } from './http-sides';
import type { RunningServer } from './node-server';
import { otherCheckout } from './production';
import { runAlone, type Bench, type Question } from './question';
import { inTurns } from './turns';
import { usageOf } from './usage';

const CONNECTIONS = 64;
const WARM_SECONDS = 5;
const SECONDS = 10;
/** Of the rate that this side took before. */
const CALM_SHARE = 0.5;
/** Different orders, so that records spread over partitions as they do. */
const ORDERS = 5_000;
const MIB = 1024 ** 2;

const METRICS: readonly Metric[] = [
  { name: 'requests/s', decimals: 0, better: 'more' },
  { name: 'requests per CPU-second', decimals: 0, better: 'more' },
  { name: 'p50 at full load, ms', decimals: 0, better: 'less' },
  { name: 'p99 at full load, ms', decimals: 0, better: 'less' },
  { name: 'p50 at half of that, ms', decimals: 0, better: 'less' },
  { name: 'p99 at half of that, ms', decimals: 0, better: 'less' },
  { name: 'p99.9 at half of that, ms', decimals: 0, better: 'less' },
  { name: 'peak memory, MiB', decimals: 0, better: 'less' },
];

export const intake: Question = {
  name: 'intake',
  services: ['kafka', 'registry'],
  ask: measure,
};

async function measure(bench: Bench): Promise<Answer> {
  const { flags } = bench;
  const webhooks = webhooksOf(flags.seed);
  const rounds = await inTurns(bench, sidesOf(bench), (side) => round(bench, side, webhooks));
  return {
    question: 'intake',
    title: 'Webhook intake: validated, in Kafka with acks=all, then 200',
    notes: [
      `${String(CONNECTIONS)} connections by autocannon on the same machine, ${String(SECONDS)} s at full load after ${String(WARM_SECONDS)} s that do not count, then ${String(SECONDS)} s at half of the rate that the side had taken, corrected for coordinated omission.`,
      'Every answer was 200, and the topic holds a record of each, no more and no fewer.',
      'The edge has all its guards on: origins, headers, limits, metrics. The load generator, the broker and the server share the cores.',
    ],
    metrics: METRICS,
    sides: rounds,
  };
}

function sidesOf({ flags, ground, folder }: Bench): readonly HttpSide[] {
  const profileTo = flags.profile ? path.join(folder, 'profiles') : undefined;
  const options = { ground, build: flags.build, profileTo: undefined };
  const sides = [edgeForWebhooks('edge', { ...options, profileTo })];
  if (flags.baseline !== undefined) {
    sides.push(edgeForWebhooks('baseline', { ...options, build: otherCheckout(flags.baseline) }));
  }
  return chosen('--sides', [...sides, bareFastify(options)], flags.sides);
}

async function round({ ground }: Bench, side: HttpSide, webhooks: readonly string[]) {
  const written = () => ground.ends([paymentsNotifications.name]).then(sumOf);
  const before = await written();
  const server = await side.begin();
  try {
    const load = (seconds: number, rate?: number) => fire(server, webhooks, seconds, rate);
    const warm = await load(WARM_SECONDS);
    const cpu = usageOf(server.process.pid ?? 0).cpuSeconds;
    const full = await load(SECONDS);
    const cpuUsed = usageOf(server.process.pid ?? 0).cpuSeconds - cpu;
    const perSecond = full.requests.total / full.duration;
    const calm = await load(SECONDS, Math.round(perSecond * CALM_SHARE));
    const answered = [warm, full, calm].reduce((sum, result) => sum + result['2xx'], 0);
    const added = (await written()) - before;
    const expected = side.name === 'bare Fastify' ? 0 : answered;
    // What was under way when the time was up is in the topic and nobody heard the answer.
    if (added < expected || added > expected + 3 * CONNECTIONS) {
      throw new Error(`${side.name}: ${String(answered)} were answered, ${String(added)} written`);
    }
    return {
      'requests/s': perSecond,
      'requests per CPU-second': full.requests.total / cpuUsed,
      'p50 at full load, ms': full.latency.p50,
      'p99 at full load, ms': full.latency.p99,
      'p50 at half of that, ms': calm.latency.p50,
      'p99 at half of that, ms': calm.latency.p99,
      'p99.9 at half of that, ms': calm.latency.p99_9,
      'peak memory, MiB': usageOf(server.process.pid ?? 0).peakBytes / MIB,
    };
  } finally {
    await server.end();
  }
}

/** Rejects when any answer was not 200. `rate`: requests/s of all connections; absent: all they can. */
async function fire(
  { url }: RunningServer,
  webhooks: readonly string[],
  duration: number,
  rate?: number,
): Promise<autocannon.Result> {
  const result = await autocannon({
    url: `${url}/webhooks/paypay`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    connections: CONNECTIONS,
    duration,
    ...(rate === undefined ? {} : { overallRate: rate }),
    requests: webhooks.map((body) => ({ body })),
  });
  if (result.non2xx + result.errors + result.timeouts > 0) {
    throw new Error(
      `${String(result.non2xx)} were not answered 200, ${String(result.errors)} failed, ${String(result.timeouts)} took too long`,
    );
  }
  return result;
}

function webhooksOf(seed: number): readonly string[] {
  return Array.from({ length: ORDERS }, (_, index) => JSON.stringify(webhookOf(seed, index)));
}

function webhookOf(seed: number, index: number): WebhookBody {
  const paidAt = japaneseTime(Date.UTC(2026, 0, 1) + index * 1_000);
  return {
    notification_type: 'Transaction',
    merchant_id: 'bench',
    store_id: null,
    pos_id: null,
    order_id: `04${String(index).padStart(18, '0')}`,
    merchant_order_id: `${eventId(`${String(seed)}-${String(index)}`, 'order')}-1`,
    authorized_at: paidAt,
    expires_at: null,
    confirmation_expires_at: null,
    paid_at: paidAt,
    order_amount: 1_200,
    state: 'COMPLETED',
  };
}

if (require.main === module) runAlone(intake);
