/**
 * Owns a broker's settings: a KRaft node that is broker and controller, on loopback only. With three
 * nodes every record is on three and acknowledged by two, so one may be killed at any time.
 */
import { securedListener, type BrokerSecurity } from './broker-security';

export interface KafkaNode {
  /** From 1. */
  readonly id: number;
  readonly brokerPort: number;
  readonly controllerPort: number;
}

export interface BrokerSite {
  readonly logFolder: string;
  readonly node: KafkaNode;
  /** All of the cluster, this one included. */
  readonly nodes: readonly KafkaNode[];
  readonly security?: BrokerSecurity | undefined;
}

/** Copies of a record in a cluster of so many brokers, and how many must have it. */
export function replicationOf(brokers: number): { factor: number; inSyncMin: number } {
  const factor = Math.min(brokers, REPLICATION_MAX);
  return { factor, inSyncMin: Math.max(1, factor - 1) };
}

const REPLICATION_MAX = 3;

/** Of the coordinators' own topics. Kafka's 50 make the first start seconds slower. */
const COORDINATOR_PARTITIONS = 8;
/**
 * Ten years. Tasks find their place by committed offsets; with Kafka's default of seven days a
 * stack left alone over a holiday would start without them.
 */
const OFFSETS_RETENTION_MINUTES = 10 * 365 * 24 * 60;

export function serverProperties({ logFolder, node, nodes, security }: BrokerSite): string {
  const { brokerPort, controllerPort } = node;
  const protocol = security === undefined ? 'PLAINTEXT' : 'SASL_SSL';
  const { factor, inSyncMin } = replicationOf(nodes.length);
  const voters = nodes.map(({ id, controllerPort: port }) => `${id}@127.0.0.1:${port}`);
  const settings: Record<string, string | number | boolean> = {
    'process.roles': 'broker,controller',
    'node.id': node.id,
    // Static voters: a dynamic one would keep the controller's port in its log for ever.
    'controller.quorum.voters': voters.join(','),
    listeners: `${protocol}://127.0.0.1:${brokerPort},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `${protocol}://127.0.0.1:${brokerPort}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': `${protocol}:${protocol},CONTROLLER:PLAINTEXT`,
    'log.dirs': logFolder,
    // Topics are provisioned; a typing mistake must not make one with the wrong partitions.
    'auto.create.topics.enable': false,
    'min.insync.replicas': inSyncMin,
    'offsets.topic.replication.factor': factor,
    'offsets.topic.num.partitions': COORDINATOR_PARTITIONS,
    'transaction.state.log.replication.factor': factor,
    'transaction.state.log.min.isr': inSyncMin,
    'transaction.state.log.num.partitions': COORDINATOR_PARTITIONS,
    'share.coordinator.state.topic.replication.factor': factor,
    'share.coordinator.state.topic.min.isr': inSyncMin,
    'group.initial.rebalance.delay.ms': 0,
    'offsets.retention.minutes': OFFSETS_RETENTION_MINUTES,
    ...(security === undefined ? {} : securedListener(security)),
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${String(value)}\n`)
    .join('');
}
