/**
 * Owns the broker's settings: one KRaft node that is broker and controller, on loopback only.
 */

export interface BrokerSite {
  readonly logFolder: string;
  readonly brokerPort: number;
  readonly controllerPort: number;
}

/** Of the coordinators' own topics. Kafka's 50 make the first start seconds slower. */
const COORDINATOR_PARTITIONS = 8;
/**
 * Ten years. Tasks find their place by committed offsets; with Kafka's default of seven days a
 * stack left alone over a holiday would start without them.
 */
const OFFSETS_RETENTION_MINUTES = 10 * 365 * 24 * 60;

export function serverProperties({ logFolder, brokerPort, controllerPort }: BrokerSite): string {
  const settings: Record<string, string | number | boolean> = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    // A static voter: a dynamic one would keep the controller's port in its log for ever.
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${brokerPort},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${brokerPort}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': logFolder,
    // Topics are provisioned; a typing mistake must not make one with the wrong partitions.
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': COORDINATOR_PARTITIONS,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': COORDINATOR_PARTITIONS,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    'offsets.retention.minutes': OFFSETS_RETENTION_MINUTES,
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${String(value)}\n`)
    .join('');
}
