/**
 * `npm run webhook:replay -- --since TIME [--order ID] [--rate N]`: sends archived webhooks to the
 * edge again and shows the answers. Finds Kafka, the registry and the edge where the environment
 * says (KAFKA_BROKERS, SCHEMA_REGISTRY_URL, EDGE_URL), else in the stack that runs on --var.
 * Where the edge hears PayPay's addresses alone, WEBHOOK_REPLAY_KEY must be what the edge has.
 */
import { endCommand } from '../../platform/command-end';
import { recordTypes } from '../../schemas/avro-types';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { SchemaRegistry } from '../../platform/avro/schema-registry';
import { kafkaSecurityIn, type KafkaSecurity } from '../../platform/kafka-security';
import { projectFolder } from '../../platform/project-folder';
import { readRunningStack } from '../../platform/running-stack';
import { withSecretFiles } from '../../platform/secret-files';
import { systemClock } from '../../platform/clock';
import { readCommandTime } from '../../platform/command-time';
import { connectBroker } from '../../streams/runtime/kafka/kafka-broker';
import { paymentsNotifications } from '../../topics/payments';
import { archivedWebhooks, type ArchivedWebhook } from './archived-webhooks';
import { replayWebhooks, type ReplayAnswer } from './webhook-replay';

const USAGE = `usage: npm run webhook:replay -- --since TIME [options]

  --since TIME   from then on: 2026-11-22T16:00 in the shop's time zone (SHOP_TIME_ZONE,
                 Asia/Tokyo), 2026-11-22T16:00Z, or 30m, 2h, 7d ago
  --order ID     only those of one order
  --rate N       at most N a second (default 10)
  --var FOLDER   of the stack that runs, when the environment names none`;

interface Whereabouts {
  readonly brokers: readonly string[];
  readonly security: KafkaSecurity;
  readonly registryUrl: string;
  readonly registryToken: string | undefined;
  readonly webhookUrl: string;
  readonly partitions: number;
}

class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      since: { type: 'string' },
      order: { type: 'string' },
      rate: { type: 'string' },
      var: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true || values.since === undefined) {
    write(USAGE);
    return values.help === true ? 0 : 2;
  }
  const since = timeOf(values.since);
  const perSecondMax = rateOf(values.rate ?? '10');
  const { brokers, security, registryUrl, registryToken, webhookUrl, partitions } = whereabouts(
    values.var,
  );
  const codec = await new SchemaRegistry(registryUrl, recordTypes, registryToken).register([
    paymentsNotifications,
  ]);
  const broker = await connectBroker({ ...security, brokers, clientId: 'webhook-replay' });
  try {
    const archive = {
      broker,
      partitions,
      decode: async (record: { readonly value: Buffer | null }) => {
        let decoded = codec.decode(record.value);
        if (decoded.kind === 'unknown-schema') {
          await codec.learn([decoded.schemaId]);
          decoded = codec.decode(record.value);
        }
        return decoded.kind === 'event' ? (decoded.event as ArchivedWebhook) : undefined;
      },
    };
    const count = await replayWebhooks(
      archivedWebhooks(archive, { since, orderId: values.order }),
      {
        webhookUrl,
        perSecondMax,
        replayKey: process.env['WEBHOOK_REPLAY_KEY'],
        clock: systemClock,
        answered: (webhook, answer) => write(line(webhook, answer)),
      },
    );
    write(`${count.sent} sent again, ${count.accepted} accepted`);
    return count.sent === count.accepted ? 0 : 1;
  } finally {
    await broker.close();
  }
}

/** Milliseconds since the epoch; says which zone it took. Throws ArgumentError. */
function timeOf(text: string): number {
  const time = readCommandTime(text, systemClock.now());
  if (time.kind === 'refused') throw new ArgumentError(`--since ${text} ${time.why}`);
  if (time.taken !== null) write(`--since ${text} is taken ${time.taken}`);
  return time.at;
}

function rateOf(text: string): number {
  const rate = Number(text);
  if (!(rate > 0 && rate <= 1_000)) throw new ArgumentError(`--rate ${text}: above 0, up to 1000`);
  return rate;
}

function whereabouts(varFolder: string | undefined): Whereabouts {
  const { KAFKA_BROKERS, SCHEMA_REGISTRY_URL, EDGE_URL, TOPIC_PARTITIONS, STACK_VAR } = process.env;
  if (KAFKA_BROKERS !== undefined && SCHEMA_REGISTRY_URL !== undefined && EDGE_URL !== undefined) {
    return {
      brokers: KAFKA_BROKERS.split(','),
      security: kafkaSecurityIn(process.env),
      registryUrl: SCHEMA_REGISTRY_URL,
      registryToken: withSecretFiles(process.env)['SCHEMA_REGISTRY_TOKEN'],
      webhookUrl: `${EDGE_URL}/webhooks/paypay`,
      partitions: Number(TOPIC_PARTITIONS ?? 6),
    };
  }
  const folder = varFolder ?? STACK_VAR ?? path.join(projectFolder, 'var');
  const running = readRunningStack(path.join(folder, 'run', 'running-stack.json'));
  if (running === undefined) {
    throw new ArgumentError(`no stack runs on ${folder}, and the environment names none`);
  }
  const { brokers, registryUrl, edgeUrl, partitions } = running;
  const webhookUrl = `${edgeUrl}/webhooks/paypay`;
  const ours = { brokers: brokers.split(','), security: {}, registryToken: undefined };
  return { ...ours, registryUrl, webhookUrl, partitions };
}

function line(webhook: ArchivedWebhook, answer: ReplayAnswer): string {
  const { receivedAt, verdict, eventId } = webhook;
  const time = new Date(receivedAt).toISOString();
  const about =
    webhook.type === 'WebhookSetAside'
      ? webhook.reason
      : `${webhook.merchantPaymentId}  ${(webhook.state ?? 'unknown').padEnd(9)}`;
  return `${time}  ${about}  ${verdict.padEnd(7)}  ${eventId}  ${inWords(answer)}`;
}

function inWords(answer: ReplayAnswer): string {
  if (answer.kind !== 'answered') return answer.reason;
  return answer.code === null ? String(answer.status) : `${answer.status} ${answer.code}`;
}

function write(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().then(endCommand, (error: unknown) => {
  // What the person at the shell got wrong needs no stack.
  const text = error instanceof ArgumentError ? `${error.message}\n\n${USAGE}` : error;
  process.stderr.write(`${String(text)}\n`);
  endCommand(error instanceof ArgumentError ? 2 : 1);
});
