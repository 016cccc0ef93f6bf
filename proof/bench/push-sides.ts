/** Servers that push to sockets: the edge, which reads the events from Kafka, and bare socket.io. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { decodeAll } from '../../edge/log/decoding';
import { timelineEntryOf } from '../../edge/push/live-record';
import { DEMO_PASSWORD, type Person } from '../../local/pipeline/demo-people';
import type { EventOf } from '../../schemas/event';
import type { NewRecord } from '../../streams/runtime/broker';
import { openEventProducer } from '../../streams/runtime/kafka/event-producer';
import { partitionFor } from '../../streams/runtime/kafka/partitioner';
import { alertsLifecycle, alertsRaised } from '../../topics/alerts';
import { EdgeClient } from '../scenarios/edge-client';
import { ensurePerson, signIn } from '../scenarios/firebase-users';
import { PARTITIONS, type BenchGround } from './bench-ground';
import { startServer, type RunningServer, type ServerOptions } from './node-server';

export interface PushSide {
  readonly name: string;
  begin(): Promise<RunningPush>;
}

export interface RunningPush extends RunningServer {
  /** One for each socket. */
  readonly cookies: readonly string[];
  /** Makes it push some of the events to everybody. */
  send(from: number, to: number): Promise<void>;
}

export interface PushOptions extends ServerOptions {
  readonly alerts: readonly EventOf<'AlertRaised'>[];
  readonly sockets: number;
  readonly folder: string;
}

const WRITE_WITHIN_MS = 30_000;
/** The edge lets one person have fifty. */
const SOCKETS_PER_OPERATOR = 50;

export function edgePush(options: PushOptions): PushSide {
  const { ground, sockets, alerts } = options;
  const own = [alertsRaised.name, alertsLifecycle.name];
  return {
    name: 'edge',
    async begin() {
      // A room begins with all that is in its topics.
      await ground.dropTopics((name) => own.includes(name));
      await ground.remakeTopics();
      const { environment } = ground.stack;
      const started = await startServer(
        options,
        'edge/server',
        (port) => ({
          args: [],
          environment: {
            ...environment,
            EDGE_PORT: String(port),
            EDGE_LOG_LEVEL: 'error',
            EDGE_SIGN_INS_PER_MINUTE: '10000',
            TOPIC_PARTITIONS: String(PARTITIONS),
          },
        }),
        '/health/ready',
      );
      const cookies = await operatorCookies(started.url, environment, sockets);
      const brokers = ground.brokers.split(',');
      const producer = openEventProducer({ brokers, clientId: 'bench-load' });
      return {
        ...started,
        cookies,
        async send(from, to) {
          const records = alerts.slice(from, to).map((alert) => recordOf(ground, alert));
          await producer.send(records, WRITE_WITHIN_MS);
        },
        async end() {
          await producer.close();
          await started.end();
        },
      };
    },
  };
}

export function bareSocketIo(options: PushOptions): PushSide {
  const { ground, sockets, alerts, folder } = options;
  const file = path.join(folder, 'events.json');
  return {
    name: 'bare socket.io',
    async begin() {
      writeFileSync(file, JSON.stringify(await liveEventsOf(ground, alerts)));
      const started = await startServer(
        options,
        'proof/bench/bare-socket-server',
        (port) => ({
          args: [String(port), file],
          environment: {},
        }),
        '/',
      );
      return {
        ...started,
        cookies: Array.from({ length: sockets }, () => ''),
        async send(from, to) {
          await fetch(`${started.url}/send?from=${String(from)}&to=${String(to)}`);
        },
      };
    },
  };
}

/** As the edge pushes them, to the letter but for their places in the log. */
async function liveEventsOf(ground: BenchGround, alerts: readonly EventOf<'AlertRaised'>[]) {
  const records = alerts.map((alert) => recordOf(ground, alert));
  const decoded = await decodeAll(
    ground.codec,
    records.map(({ value }) => value),
  );
  return decoded.map((result, offset) => {
    const record = records[offset];
    if (record === undefined || result.kind !== 'event') throw new Error('no event');
    const placed = { ...record, key: Buffer.from(record.key), headers: {} };
    const entry = timelineEntryOf({ ...placed, offset, timestamp: Date.now() }, result.event);
    return { ...entry, room: 'ops' };
  });
}

function recordOf(ground: BenchGround, alert: EventOf<'AlertRaised'>): NewRecord {
  const { orderId } = alert;
  const topic = alertsRaised.name;
  const partition = partitionFor(orderId, PARTITIONS);
  return { topic, partition, key: orderId, value: ground.codec.encode(topic, alert) };
}

async function operatorCookies(
  url: string,
  environment: Readonly<Record<string, string>>,
  sockets: number,
): Promise<readonly string[]> {
  const host = environment['FIREBASE_AUTH_EMULATOR_HOST'] ?? '';
  const project = environment['GCLOUD_PROJECT'] ?? '';
  const operators = Math.ceil(sockets / SOCKETS_PER_OPERATOR);
  const cookies: string[] = [];
  for (let number = 1; number <= operators; number += 1) {
    const email = `ops-${String(number)}@example.com`;
    const person: Person = { email, password: DEMO_PASSWORD, role: 'ops' };
    await ensurePerson(host, project, person);
    const { cookie } = await EdgeClient.open(url, await signIn(host, person));
    for (let count = 0; count < SOCKETS_PER_OPERATOR && cookies.length < sockets; count += 1) {
      cookies.push(cookie);
    }
  }
  return cookies;
}
