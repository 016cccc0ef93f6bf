/**
 * Owns the question whether a broker is ready. An open port is not enough: until the group and
 * transaction coordinators have loaded, the first commit and the first transaction of an app fail.
 */
import type { ConnectionOptions as TlsOptions } from 'node:tls';
import { Kafka, logLevel, type SASLOptions } from 'kafkajs';

/** Its group and its transactional id hold nothing; the names say who asked. */
const ASKER = 'stack-readiness';
const REQUEST_TIMEOUT_MS = 5_000;

interface Access {
  readonly tls: TlsOptions;
  readonly sasl: SASLOptions;
}

/** `access`: of who asks, where not everybody is let in. */
export async function brokerAnswers(brokers: string, access?: Access): Promise<boolean> {
  const kafka = new Kafka({
    clientId: ASKER,
    brokers: brokers.split(','),
    ...(access === undefined ? {} : { ssl: access.tls, sasl: access.sasl }),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1_000,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Its first try finds no broker, since it has no metadata yet. Beyond that the caller asks
    // again, sooner than the client's own growing pauses would.
    retry: { retries: 2, initialRetryTime: 20, maxRetryTime: 50 },
  });
  await groupsAnswer(kafka);
  await transactionsAnswer(kafka);
  return true;
}

async function groupsAnswer(kafka: Kafka): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    await admin.fetchOffsets({ groupId: ASKER });
  } finally {
    await admin.disconnect();
  }
}

async function transactionsAnswer(kafka: Kafka): Promise<void> {
  const producer = kafka.producer({ transactionalId: ASKER, maxInFlightRequests: 1 });
  await producer.connect();
  try {
    const transaction = await producer.transaction();
    await transaction.abort();
  } finally {
    await producer.disconnect();
  }
}
