/** Gateways on a real broker and registry, against a real simulator; topics of the test's own. */
import { recordTypes } from '../../../schemas/avro-types';
import { Kafka, logLevel } from 'kafkajs';
import type { Codec } from '../../../platform/avro/codec';
import { SchemaRegistry } from '../../../platform/avro/schema-registry';
import { alertsConditions } from '../../../topics/alerts';
import { deadLetters } from '../../../topics/dead-letters';
import { paymentsGatewayRequests, paymentsGatewayResults } from '../../../topics/payments';
import { provisionTopics } from '../../../platform/provisioning';
import { startGateway } from '../../../streams/gateway/gateway';
import type { GatewayTopics } from '../../../streams/gateway/gateway-topics';
import type { PayPayClient } from '../../../streams/gateway/paypay/client';
import { payPayEndpoint } from '../../../streams/gateway/paypay/configuration';
import { payPaySdkClient } from '../../../streams/gateway/paypay/sdk-client';
import type { GatewayRequest, GatewayResult } from '../../../streams/gateway/result-event';
import { gatewayDefaults } from '../../../streams/gateway/settings';
import type { Broker } from '../../../streams/runtime/broker';
import { systemClock } from '../../../platform/clock';
import { openEventProducer } from '../../../streams/runtime/kafka/event-producer';
import { connectBroker } from '../../../streams/runtime/kafka/kafka-broker';
import { partitionFor } from '../../../streams/runtime/kafka/partitioner';
import type { RunningApp } from '../../../streams/runtime/running-app';
import {
  CREDENTIALS,
  MERCHANT_ID,
  startSimulator,
  type RunningSimulator,
} from '../../simulator/running-simulator';
import { brokersFromEnvironment, eventually } from '../runtime/probe-fixture';

export const PARTITIONS = 2;
const SEND_DEADLINE_MS = 10_000;
const CALL_TIMEOUT_MS = 5_000;

/** The topics under a prefix, as a second gateway of the same test finds them. */
export function topicsOf(prefix: string): GatewayTopics {
  const named = <T extends { readonly name: string }>(topic: T): T => ({
    ...topic,
    name: `${prefix}.${topic.name}`,
  });
  return {
    group: `${prefix}.gateway`,
    requests: named(paymentsGatewayRequests),
    results: named(paymentsGatewayResults),
    conditions: named(alertsConditions),
    deadLetters: named(deadLetters),
  };
}

function registryUrl(): string {
  const url = process.env['SCHEMA_REGISTRY_URL'];
  if (url === undefined) throw new Error('SCHEMA_REGISTRY_URL is missing; run it through npm test');
  return url;
}

export function codecOf({ requests, results, conditions, deadLetters: letters }: GatewayTopics) {
  return new SchemaRegistry(registryUrl(), recordTypes).register([
    requests,
    results,
    conditions,
    letters,
  ]);
}

export function payPayAt(simulatorUrl: string): PayPayClient {
  return payPaySdkClient(
    {
      endpoint: payPayEndpoint(simulatorUrl),
      ...CREDENTIALS,
      merchantId: MERCHANT_ID,
      timeoutMs: CALL_TIMEOUT_MS,
    },
    systemClock,
  );
}

/** A gateway over a client, in whatever process this is. */
export function gatewayOn(
  broker: Broker,
  codec: Codec,
  topics: GatewayTopics,
  paypay: PayPayClient,
): Promise<RunningApp> {
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const options = { broker, codec, topics, paypay, clock: systemClock, logger: silent };
  return startGateway({ ...options, settings: gatewayDefaults, sessionTimeoutMs: 6_000 });
}

export class GatewayFixture {
  readonly topics: GatewayTopics;
  private readonly opened: (() => Promise<void>)[] = [];
  private readonly gateways: RunningApp[] = [];

  private constructor(
    readonly prefix: string,
    readonly broker: Broker,
    readonly simulator: RunningSimulator,
    private readonly codec: Codec,
  ) {
    this.topics = topicsOf(prefix);
  }

  static async open(name: string): Promise<GatewayFixture> {
    const brokers = brokersFromEnvironment();
    const prefix = `${name}-${process.pid}-${Date.now()}`;
    const topics = topicsOf(prefix);
    const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const { requests, results, conditions, deadLetters: letters } = topics;
    await provisionTopics(admin, [requests, results, conditions, letters], {
      partitions: PARTITIONS,
      replicationFactor: 1,
    }).finally(() => admin.disconnect());
    const codec = await codecOf(topics);
    const broker = await connectBroker({ brokers, clientId: prefix });
    const simulator = await startSimulator(systemClock);
    const fixture = new GatewayFixture(prefix, broker, simulator, codec);
    fixture.opened.push(
      () => broker.close(),
      () => simulator.close(),
    );
    return fixture;
  }

  /** A gateway in this process. `wrap` stands between it and the simulator. */
  async startGateway(
    wrap: (paypay: PayPayClient) => Partial<PayPayClient> = () => ({}),
  ): Promise<RunningApp> {
    const paypay = payPayAt(this.simulator.url);
    const gateway = await gatewayOn(this.broker, this.codec, this.topics, {
      ...paypay,
      ...wrap(paypay),
    });
    this.gateways.push(gateway);
    this.opened.push(async () => {
      await gateway.stop();
      paypay.close();
    });
    return gateway;
  }

  async request(...requests: readonly GatewayRequest[]): Promise<void> {
    const { name } = this.topics.requests;
    await this.write(
      requests.map((request) => ({
        key: request.orderId,
        value: this.codec.encode(name, request),
      })),
    );
  }

  /** Writes records as they are. */
  async write(records: readonly { readonly key: string; readonly value: Buffer }[]) {
    const { name: topic } = this.topics.requests;
    const brokers = brokersFromEnvironment();
    const producer = openEventProducer({ brokers, clientId: this.prefix });
    const placed = records.map(({ key, value }) => ({
      topic,
      partition: partitionFor(key, PARTITIONS),
      key,
      value,
    }));
    await producer.send(placed, SEND_DEADLINE_MS).finally(() => producer.close());
  }

  /** Every committed result, in the order of each partition. */
  async results(): Promise<readonly GatewayResult[]> {
    const { name } = this.topics.results;
    const places = Array.from({ length: PARTITIONS }, (_, partition) => ({
      topic: name,
      partition,
    }));
    const ends = await this.broker.highWatermarks(places);
    const reader = this.broker.openReader();
    const results: GatewayResult[] = [];
    const open = new Set(places.filter(({ partition }) => endOf(partition) > 0));
    for (const place of open) reader.assign(place, 0);
    try {
      while (open.size > 0) {
        for (const fetched of await reader.poll(200)) {
          for (const { value } of fetched.records) results.push(this.decode(value));
          const stableEnd = Math.min(endOf(fetched.partition), fetched.lastStableOffset);
          if (fetched.nextOffset < stableEnd) continue;
          for (const place of open) if (place.partition === fetched.partition) open.delete(place);
          reader.unassign({ topic: name, partition: fetched.partition });
        }
      }
    } finally {
      await reader.close();
    }
    return results;

    function endOf(partition: number): number {
      return ends.get(`${name}-${partition}`) ?? 0;
    }
  }

  /** All results, once there are `count` and every gateway has answered all that it was asked. */
  async resultsOf(count: number): Promise<readonly GatewayResult[]> {
    await eventually(`${count} results`, async () => (await this.results()).length >= count);
    await eventually('nothing is left to answer', () =>
      this.gateways
        .flatMap((gateway) => gateway.health().tasks)
        .every(({ lagRecords }) => lagRecords === 0),
    );
    return this.results();
  }

  async close(): Promise<void> {
    for (const close of this.opened.reverse()) await close();
  }

  private decode(value: Buffer | null): GatewayResult {
    const decoded = this.codec.decode(value);
    if (decoded.kind !== 'event') throw new Error(`${decoded.kind} among the results`);
    return decoded.event as GatewayResult;
  }
}
