/**
 * Owns a member's conversation with its coordinator. What always holds: joins, syncs and heartbeats
 * of a member go over one socket of its own, in order, since a join blocks it; leaving goes another
 * way, so that a member can leave while its join is held up by a slow one.
 */
import type { TopicPartition } from '../broker';
import type { Cluster } from './cluster';
import type { BrokerConnection } from './connection';
import type { Api } from './protocol/api';
import { decodeAssignment, encodeAssignment } from './protocol/consumer-protocol';
import { KafkaError } from './protocol/error-codes';
import {
  HEARTBEAT,
  JOIN_GROUP,
  LEAVE_GROUP,
  SYNC_GROUP,
  type JoinAnswer,
} from './protocol/group-apis';
import { retryTransient } from './retry';

/** Members that assign differently must not meet in a group: change the name with the assignor. */
const PROTOCOL = 'co-partitioned-sticky';

export interface GroupTimeouts {
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
}

export interface MemberOf {
  readonly generation: number;
  readonly memberId: string;
}

export class GroupCoordinator {
  private connection: BrokerConnection | undefined;

  constructor(
    private readonly cluster: Cluster,
    private readonly group: string,
    private readonly timeouts: GroupTimeouts,
  ) {}

  /** Waits until all members have joined or the rebalance timed out. */
  async join(memberId: string, metadata: Buffer): Promise<JoinAnswer> {
    const request = { group: this.group, ...this.timeouts, memberId, protocol: PROTOCOL, metadata };
    return this.ask(JOIN_GROUP, request, this.timeouts.rebalanceTimeoutMs);
  }

  /** `assigned` is the leader's assignment for all members; empty from the others. */
  async sync(
    member: MemberOf,
    assigned: ReadonlyMap<string, readonly TopicPartition[]>,
  ): Promise<readonly TopicPartition[]> {
    const assignments = [...assigned].map(([memberId, partitions]) => ({
      memberId,
      assignment: encodeAssignment(partitions),
    }));
    const request = { group: this.group, ...member, assignments };
    return decodeAssignment(await this.ask(SYNC_GROUP, request, this.timeouts.rebalanceTimeoutMs));
  }

  async heartbeat(member: MemberOf): Promise<void> {
    await this.ask(HEARTBEAT, { group: this.group, ...member }, 0);
  }

  /** Resolves also when the coordinator does not know the member any more. */
  async leave(memberId: string, timeoutMs: number): Promise<void> {
    const { cluster, group } = this;
    const what = `Leaving group ${group}`;
    await retryTransient({ clock: cluster.clock, what, timeoutMs }, async () => {
      const nodeId = await cluster.findCoordinator('group', group);
      try {
        await cluster.askNode(nodeId, LEAVE_GROUP, { group, memberId });
      } catch (error) {
        if (!(error instanceof KafkaError && error.kind === 'UNKNOWN_MEMBER_ID')) throw error;
      }
    });
  }

  /** Ends whatever is being waited for; the next request connects anew. */
  disconnect(): void {
    this.connection?.close();
    this.connection = undefined;
  }

  private async ask<Request, Response>(
    api: Api<Request, Response>,
    request: Request,
    waitMs: number,
  ): Promise<Response> {
    if (this.connection?.usable !== true) {
      const nodeId = await this.cluster.findCoordinator('group', this.group);
      this.connection = await this.cluster.connectTo(nodeId);
    }
    try {
      return await this.connection.call(api, request, waitMs);
    } catch (error) {
      if (error instanceof KafkaError && error.verdict === 'moved') this.disconnect();
      throw error;
    }
  }
}
