/** Who is in the cluster and who leads what: ApiVersions, Metadata, FindCoordinator. */
import type { Api } from './api';
import { throwIfFailed } from './error-codes';

export interface VersionRange {
  readonly minVersion: number;
  readonly maxVersion: number;
}

export const API_VERSIONS: Api<null, ReadonlyMap<number, VersionRange>> = {
  name: 'ApiVersions',
  key: 18,
  version: 2,
  write: () => undefined,
  read: (reader) => {
    throwIfFailed(reader.int16(), 'ApiVersions');
    return new Map(
      reader.array(() => [
        reader.int16(),
        { minVersion: reader.int16(), maxVersion: reader.int16() },
      ]),
    );
  },
};

export interface NodeAddress {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

export interface PartitionLeader {
  readonly errorCode: number;
  readonly partition: number;
  /** -1 while there is none. */
  readonly leader: number;
  readonly leaderEpoch: number;
}

export interface ClusterMetadata {
  readonly nodes: readonly NodeAddress[];
  readonly clusterId: string | null;
  readonly topics: readonly {
    readonly errorCode: number;
    readonly topic: string;
    readonly partitions: readonly PartitionLeader[];
  }[];
}

/** Never creates a topic: provisioning does that, and a typing error must not. */
export const METADATA: Api<{ readonly topics: readonly string[] }, ClusterMetadata> = {
  name: 'Metadata',
  key: 3,
  version: 7,
  write: (writer, { topics }) =>
    writer.array(topics, (topic) => writer.string(topic)).boolean(false),
  read: (reader) => {
    reader.int32();
    const nodes = reader.array(() => {
      const node = { nodeId: reader.int32(), host: reader.string(), port: reader.int32() };
      reader.nullableString();
      return node;
    });
    const clusterId = reader.nullableString();
    reader.int32();
    const topics = reader.array(() => {
      const errorCode = reader.int16();
      const topic = reader.string();
      reader.boolean();
      return {
        errorCode,
        topic,
        partitions: reader.array(() => {
          const leader = {
            errorCode: reader.int16(),
            partition: reader.int32(),
            leader: reader.int32(),
            leaderEpoch: reader.int32(),
          };
          for (let list = 0; list < 3; list++) reader.array(() => reader.int32());
          return leader;
        }),
      };
    });
    return { nodes, clusterId, topics };
  },
};

export type CoordinatorKind = 'group' | 'transaction';

export const FIND_COORDINATOR: Api<
  { readonly kind: CoordinatorKind; readonly id: string },
  NodeAddress
> = {
  name: 'FindCoordinator',
  key: 10,
  version: 2,
  write: (writer, { kind, id }) => writer.string(id).int8(kind === 'group' ? 0 : 1),
  read: (reader) => {
    reader.int32();
    const errorCode = reader.int16();
    const message = reader.nullableString();
    throwIfFailed(errorCode, `FindCoordinator (${message ?? 'no reason given'})`);
    return { nodeId: reader.int32(), host: reader.string(), port: reader.int32() };
  },
};
