/**
 * Owns what this process knows of the cluster: its brokers, the leader of each partition, and the
 * connections over which short questions are asked. What always holds: knowledge is only replaced
 * by newer knowledge from a broker, never guessed; nothing that may block (a long poll, a join) or
 * that must not be passed (a transaction) goes over a shared connection; connections opened for
 * others belong to them, and after `close` none is left, whoever had it.
 */
import type { Clock } from '../../../platform/clock';
import { RuntimeError } from '../errors';
import type { TopicPartition } from '../broker';
import {
  BrokerConnection,
  type BrokerAddress,
  type ConnectionOptions,
  type ConnectionSecurity,
} from './connection';
import { NodeConnections } from './node-connections';
import type { Api } from './protocol/api';
import {
  FIND_COORDINATOR,
  METADATA,
  type ClusterMetadata,
  type CoordinatorKind,
  type PartitionLeader,
} from './protocol/cluster-apis';
import {
  ConnectionLost,
  KafkaError,
  LEADER_NOT_AVAILABLE,
  UNKNOWN_TOPIC_OR_PARTITION,
} from './protocol/error-codes';

export interface ClusterOptions extends ConnectionSecurity {
  /** `host:port` of some brokers; the others are learned from them. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly clock: Clock;
}

export class Cluster {
  readonly clock: Clock;
  private readonly connection: ConnectionOptions;
  private readonly seeds: readonly BrokerAddress[];
  private readonly nodes = new Map<number, BrokerAddress>();
  private readonly topics = new Map<string, ReadonlyMap<number, PartitionLeader>>();
  private control: BrokerConnection | undefined;
  private opening: Promise<BrokerConnection> | undefined;
  private readonly shared = new NodeConnections(this);
  private readonly connections = new Set<BrokerConnection>();
  /** Rotates over the addresses, so that one dead broker is not asked for ever. */
  private nextAddress = 0;
  private closed = false;

  constructor(options: ClusterOptions) {
    this.clock = options.clock;
    this.connection = options;
    this.seeds = options.brokers.map(parseAddress);
    if (this.seeds.length === 0) throw new RuntimeError('PROTOCOL', 'No broker address is given');
  }

  /** Asks any broker. Rejects with ConnectionLost or KafkaError, as the connection does. */
  async ask<Request, Response>(api: Api<Request, Response>, request: Request): Promise<Response> {
    const connection = await this.controlConnection();
    return connection.call(api, request);
  }

  /** Asks one broker, over the connection that all short questions to it share. */
  async askNode<Request, Response>(
    nodeId: number,
    api: Api<Request, Response>,
    request: Request,
  ): Promise<Response> {
    const connection = await this.shared.to(nodeId);
    return connection.call(api, request);
  }

  /** Reads the leaders of `topics` anew; the answer's errors stay in it. */
  async refresh(topics: readonly string[]): Promise<ClusterMetadata> {
    const metadata = await this.ask(METADATA, { topics });
    this.nodes.clear();
    for (const node of metadata.nodes) this.nodes.set(node.nodeId, node);
    for (const { topic, errorCode, partitions } of metadata.topics) {
      if (errorCode === 0) this.topics.set(topic, new Map(partitions.map((p) => [p.partition, p])));
      else if (errorCode === UNKNOWN_TOPIC_OR_PARTITION) this.topics.delete(topic);
    }
    return metadata;
  }

  /** What is known of a partition's leader; undefined before a refresh, or while it has none. */
  leaderOf({ topic, partition }: TopicPartition): PartitionLeader | undefined {
    const leader = this.topics.get(topic)?.get(partition);
    return leader === undefined || leader.leader < 0 ? undefined : leader;
  }

  /** The leader, asking a broker when it is not known. Rejects with KafkaError while there is none. */
  async findLeader(partition: TopicPartition): Promise<PartitionLeader> {
    const known = this.leaderOf(partition);
    if (known !== undefined) return known;
    const { topics } = await this.refresh([partition.topic]);
    const found = this.leaderOf(partition);
    if (found !== undefined) return found;
    const what = `Leader of ${partition.topic}-${partition.partition}`;
    const errorCode = topics.find(({ topic }) => topic === partition.topic)?.errorCode ?? 0;
    throw new KafkaError(errorCode === 0 ? LEADER_NOT_AVAILABLE : errorCode, what);
  }

  /** Forgets the leaders of a topic after a broker said that they are others. */
  forgetLeaders(topic: string): void {
    this.topics.delete(topic);
  }

  /** A new connection to the broker, the caller's own. */
  async connectTo(nodeId: number): Promise<BrokerConnection> {
    const address = this.nodes.get(nodeId);
    if (address === undefined) throw new ConnectionLost(`No broker has id ${nodeId}`);
    return this.open(address);
  }

  /** The broker that coordinates a group or a transactional id. */
  async findCoordinator(kind: CoordinatorKind, id: string): Promise<number> {
    const node = await this.ask(FIND_COORDINATOR, { kind, id });
    this.nodes.set(node.nodeId, node);
    return node.nodeId;
  }

  close(): void {
    this.closed = true;
    for (const connection of this.connections) connection.close();
  }

  private async open(address: BrokerAddress): Promise<BrokerConnection> {
    this.failIfClosed();
    const connection = await BrokerConnection.open(address, this.connection);
    for (const other of this.connections) if (!other.usable) this.connections.delete(other);
    this.connections.add(connection);
    if (this.closed) connection.close();
    return connection;
  }

  private failIfClosed(): void {
    if (this.closed) throw new RuntimeError('PROTOCOL', 'The connection to Kafka is closed');
  }

  private async controlConnection(): Promise<BrokerConnection> {
    this.failIfClosed();
    if (this.control?.usable === true) return this.control;
    this.opening ??= this.openAny().finally(() => (this.opening = undefined));
    return this.opening;
  }

  private async openAny(): Promise<BrokerConnection> {
    const addresses = [...this.nodes.values(), ...this.seeds];
    const address = addresses[this.nextAddress++ % addresses.length];
    if (address === undefined) throw new RuntimeError('PROTOCOL', 'No broker address is known');
    this.control = await this.open(address);
    return this.control;
  }
}

function parseAddress(text: string): BrokerAddress {
  const colon = text.lastIndexOf(':');
  const port = Number(text.slice(colon + 1));
  const host = text.slice(0, colon).replace(/^\[|\]$/g, '');
  if (colon <= 0 || !Number.isInteger(port) || port <= 0) {
    throw new RuntimeError('PROTOCOL', `A broker address is host:port, not "${text}"`);
  }
  return { host, port };
}
