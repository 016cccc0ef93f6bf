/**
 * `npm run bench:push`: how many events a second reach a thousand operators' sockets. The edge reads
 * them from Kafka, decodes them and sends them to the room; bare socket.io sends the same bytes and
 * does nothing else.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { eventId } from '../../schemas/event-id';
import type { EventOf } from '../../schemas/event';
import { startServer } from './node-server';
import type { BenchGround } from './bench-ground';
import { chosen } from './bench-flags';
import type { Answer, Metric } from './figures';
import { bareSocketIo, edgePush, type PushSide } from './push-sides';
import { runAlone, type Bench, type Question } from './question';
import { SocketCrowd } from './socket-crowd';
import { inTurns } from './turns';
import { usageOf } from './usage';

const SOCKETS = 1_000;
/** Sent together; the next ones once everybody has these, so that nothing piles up. */
const TOGETHER = 100;
const WARM_BATCHES = 3;
const BATCHES = 15;
const MIB = 1024 ** 2;

const METRICS: readonly Metric[] = [
  { name: 'events/s, each to all', decimals: 0, better: 'more' },
  { name: 'server CPU-ms per event', decimals: 2, better: 'less' },
  { name: 'peak memory, MiB', decimals: 0, better: 'less' },
];

export const push: Question = {
  name: 'push',
  services: ['kafka', 'registry', 'postgres', 'redis', 'firebase'],
  ask: measure,
};

async function measure(bench: Bench): Promise<Answer> {
  const { ground, flags, folder } = bench;
  mkdirSync(folder, { recursive: true });
  await makeTables(ground, bench);
  const options = {
    ground,
    build: flags.build,
    alerts: alertsOf(flags.seed, (WARM_BATCHES + BATCHES) * TOGETHER),
    sockets: SOCKETS,
    folder,
    profileTo: undefined,
  };
  const profileTo = flags.profile ? path.join(folder, 'profiles') : undefined;
  const sides = [edgePush({ ...options, profileTo }), bareSocketIo(options)];
  const rounds = await inTurns(bench, chosen('--sides', sides, flags.sides), round);
  return {
    question: 'push',
    title: 'Live push: events to a thousand sockets',
    notes: [
      `${String(SOCKETS)} WebSockets in one room, from one thread that counts what it is sent and reads none of it; ${String(BATCHES)} times ${String(TOGETHER)} alerts, the next ones once every socket has these; ${String(WARM_BATCHES)} times before that do not count.`,
      'The edge reads the alerts from Kafka as Avro, committed ones only, with sessions, roles, resumable places and limits as in production; bare socket.io has them as objects in memory.',
    ],
    metrics: METRICS,
    sides: rounds,
  };
}

/** The views make their tables when they start; after that nobody needs them here. */
async function makeTables(ground: BenchGround, { flags, folder }: Bench): Promise<void> {
  const settings = (port: number) => ({
    args: ['--apps', 'views'],
    environment: {
      ...ground.stack.environment,
      HEALTH_PORT: String(port),
      STREAMS_DATA: path.join(folder, 'stores'),
    },
  });
  const options = { ground, build: flags.build, profileTo: undefined };
  const views = await startServer(options, 'streams/main', settings, '/health/ready');
  await views.end();
}

async function round(side: PushSide): Promise<Readonly<Record<string, number>>> {
  const server = await side.begin();
  try {
    const { url, cookies } = server;
    const crowd = await SocketCrowd.open({ url, cookies });
    try {
      const sendBatches = async (from: number, to: number) => {
        for (let batch = from; batch < to; batch += 1) {
          const sent = (batch + 1) * TOGETHER;
          const allHave = crowd.allHave(sent);
          await Promise.all([allHave, server.send(batch * TOGETHER, sent)]);
        }
      };
      await sendBatches(0, WARM_BATCHES);
      const used = () => usageOf(server.process.pid ?? 0);
      const [begun, cpu] = [performance.now(), used().cpuSeconds];
      await sendBatches(WARM_BATCHES, WARM_BATCHES + BATCHES);
      const seconds = (performance.now() - begun) / 1_000;
      const events = BATCHES * TOGETHER;
      return {
        'events/s, each to all': events / seconds,
        'server CPU-ms per event': ((used().cpuSeconds - cpu) * 1_000) / events,
        'peak memory, MiB': used().peakBytes / MIB,
      };
    } finally {
      await crowd.close();
    }
  } finally {
    await server.end();
  }
}

/** As large as alerts are. */
function alertsOf(seed: number, count: number): readonly EventOf<'AlertRaised'>[] {
  const at = Date.UTC(2026, 0, 1);
  return Array.from({ length: count }, (_, index) => {
    const id = (role: string) => eventId(`${String(seed)}-${String(index)}`, role);
    const evidence = (topic: string, type: string) => ({
      ...{ topic, partition: index % 6, offset: index, eventId: id(type), type },
      ...{ occurredAt: at, loggedAt: at + 20 },
    });
    return {
      type: 'AlertRaised',
      eventId: id('alert'),
      orderId: id('order'),
      occurredAt: at,
      causationId: id('cause'),
      correlationId: id('order'),
      alertId: id('alertId'),
      rule: 'RULE_A',
      severity: 'P1',
      detectedAt: at,
      deadline: at,
      moneyAtRisk: 1_200,
      currency: 'JPY',
      expected: 'The order is PAID within 5 s of the payment',
      observed: 'Customer paid \u00a51,200, order still WAITING_PAYMENT',
      evidence: [
        evidence('payments.events.v1', 'PaymentSucceeded'),
        evidence('orders.events.v1', 'OrderWaitingPayment'),
      ],
    } satisfies EventOf<'AlertRaised'>;
  });
}

if (require.main === module) runAlone(push);
