/**
 * Alerts as the alerts app writes them, many a second. They stand on the topic like any other: views
 * keep them, the edge pushes them. Each is of an order that nobody placed, and can be marked as handled.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningStack } from '../../platform/running-stack';
import type { EventOf } from '../../schemas/event';
import { eventId } from '../../schemas/event-id';
import { openEventProducer } from '../../streams/runtime/kafka/event-producer';
import { partitionFor } from '../../streams/runtime/kafka/partitioner';
import { bringUpTopics } from '../../topics/bring-up';
import { alertsRaised } from '../../topics/alerts';

/** So that a second's alerts do not come as one lump. */
const TURNS_PER_SECOND = 10;
const WRITTEN_WITHIN_MS = 10_000;
const YEN_PER_PLACE = 10;

export interface Storm {
  readonly run: string;
  readonly alerts: number;
  /** A second. */
  readonly rate: number;
}

/** Resolves when all are in the log, to how long that took, ms. */
export async function raiseStorm(
  { brokers, registryUrl, partitions }: RunningStack,
  { run, alerts, rate }: Storm,
): Promise<number> {
  const servers = brokers.split(',');
  const codec = await bringUpTopics({
    ...{ brokers: servers, registryUrl, topics: [alertsRaised] },
    ...{ partitions, replicationFactor: 1 },
  });
  const producer = openEventProducer({ brokers: servers, clientId: 'prove-dashboard' });
  const begun = performance.now();
  const sent: Promise<unknown>[] = [];
  try {
    for (let place = 0; place < alerts;) {
      const until = Math.min(alerts, place + Math.ceil(rate / TURNS_PER_SECOND));
      const records = [];
      for (; place < until; place += 1) {
        const event = alertOf(run, place);
        const key = event.orderId;
        const value = codec.encode(alertsRaised.name, event);
        const partition = partitionFor(key, partitions);
        records.push({ topic: alertsRaised.name, partition, key, value });
      }
      sent.push(producer.send(records, WRITTEN_WITHIN_MS));
      const dueMs = (place / rate) * 1_000;
      await sleep(Math.max(0, begun + dueMs - performance.now()));
    }
    await Promise.all(sent);
  } finally {
    await producer.close();
  }
  return performance.now() - begun;
}

function alertOf(run: string, place: number): EventOf<'AlertRaised'> {
  const orderId = eventId(`${run}-${String(place)}`, 'storm-order');
  const alertId = eventId(orderId, 'storm-alert');
  const now = Date.now();
  const money = 1_000 + (place % 97) * YEN_PER_PLACE;
  const yen = `¥${money.toLocaleString('en')}`;
  return {
    type: 'AlertRaised',
    eventId: alertId,
    orderId,
    occurredAt: now,
    causationId: alertId,
    correlationId: orderId,
    alertId,
    rule: 'RULE_C',
    severity: place % 4 === 0 ? 'P2' : 'P1',
    detectedAt: now,
    deadline: null,
    moneyAtRisk: money,
    currency: 'JPY',
    expected: 'No money taken for a FAILED order',
    observed: `Customer paid ${yen}, order is FAILED (PAYMENT_EXPIRED)`,
    evidence: [],
  };
}
