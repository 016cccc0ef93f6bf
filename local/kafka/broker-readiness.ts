/**
 * Owns the question whether a broker is ready. An open port is not enough: until the group and
 * transaction coordinators have loaded, the first commit and the first transaction of an app fail.
 */
import { Kafka, logLevel } from 'kafkajs';

/** Its group and its transactional id hold nothing; the names say who asked. */
const asker = 'stack-readiness';
const requestTimeoutMs = 5_000;

export async function brokerAnswers(brokers: string): Promise<boolean> {
  const kafka = new Kafka({
    clientId: asker,
    brokers: brokers.split(','),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1_000,
    requestTimeout: requestTimeoutMs,
    // The caller asks again; retries in here would only hide how long it takes.
    retry: { retries: 0 },
  });
  await groupsAnswer(kafka);
  await transactionsAnswer(kafka);
  return true;
}

async function groupsAnswer(kafka: Kafka): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    await admin.fetchOffsets({ groupId: asker });
  } finally {
    await admin.disconnect();
  }
}

async function transactionsAnswer(kafka: Kafka): Promise<void> {
  const producer = kafka.producer({ transactionalId: asker, maxInFlightRequests: 1 });
  await producer.connect();
  try {
    const transaction = await producer.transaction();
    await transaction.abort();
  } finally {
    await producer.disconnect();
  }
}
