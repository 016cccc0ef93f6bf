/** A member's conversation with its group's coordinator: JoinGroup, SyncGroup, Heartbeat, LeaveGroup. */
import type { Api } from './api';
import { KafkaError, throwIfFailed } from './error-codes';
import type { WireWriter } from './wire-writer';

/** The kind of group that Kafka's own consumers form, so that Kafka's tools can describe it. */
const PROTOCOL_TYPE = 'consumer';

export interface JoinedMember {
  readonly memberId: string;
  readonly metadata: Buffer;
}

export type JoinAnswer =
  | { readonly kind: 'member-id-required'; readonly memberId: string }
  | {
      readonly kind: 'joined';
      readonly generation: number;
      readonly memberId: string;
      readonly leaderId: string;
      /** Empty except for the leader, which assigns for all. */
      readonly members: readonly JoinedMember[];
    };

export const JOIN_GROUP: Api<
  {
    readonly group: string;
    readonly sessionTimeoutMs: number;
    readonly rebalanceTimeoutMs: number;
    /** Empty to ask for one. */
    readonly memberId: string;
    readonly protocol: string;
    readonly metadata: Buffer;
  },
  JoinAnswer
> = {
  name: 'JoinGroup',
  key: 11,
  version: 5,
  write: (writer, request) =>
    writer
      .string(request.group)
      .int32(request.sessionTimeoutMs)
      .int32(request.rebalanceTimeoutMs)
      .string(request.memberId)
      .nullableString(null)
      .string(PROTOCOL_TYPE)
      .array([request.protocol], (protocol) =>
        writer.string(protocol).sizedBytes(request.metadata),
      ),
  read: (reader) => {
    reader.int32();
    const errorCode = reader.int16();
    const generation = reader.int32();
    reader.string();
    const leaderId = reader.string();
    const memberId = reader.string();
    if (errorCode !== 0) {
      const error = new KafkaError(errorCode, 'JoinGroup');
      if (error.kind !== 'MEMBER_ID_REQUIRED') throw error;
      return { kind: 'member-id-required', memberId };
    }
    const members = reader.array(() => {
      const member = reader.string();
      reader.nullableString();
      return { memberId: member, metadata: reader.sizedBytes() };
    });
    return { kind: 'joined', generation, memberId, leaderId, members };
  },
};

export interface MemberIdentity {
  readonly group: string;
  readonly generation: number;
  readonly memberId: string;
}

function writeMember(writer: WireWriter, member: MemberIdentity): WireWriter {
  return writer
    .string(member.group)
    .int32(member.generation)
    .string(member.memberId)
    .nullableString(null);
}

/** Hands in the leader's assignments (none from others) and waits for this member's own. */
export const SYNC_GROUP: Api<
  MemberIdentity & {
    readonly assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[];
  },
  Buffer
> = {
  name: 'SyncGroup',
  key: 14,
  version: 3,
  write: (writer, request) =>
    writeMember(writer, request).array(request.assignments, ({ memberId, assignment }) =>
      writer.string(memberId).sizedBytes(assignment),
    ),
  read: (reader) => {
    reader.int32();
    throwIfFailed(reader.int16(), 'SyncGroup');
    return reader.sizedBytes();
  },
};

export const HEARTBEAT: Api<MemberIdentity, void> = {
  name: 'Heartbeat',
  key: 12,
  version: 3,
  write: (writer, request) => writeMember(writer, request),
  read: (reader) => {
    reader.int32();
    throwIfFailed(reader.int16(), 'Heartbeat');
  },
};

export const LEAVE_GROUP: Api<{ readonly group: string; readonly memberId: string }, void> = {
  name: 'LeaveGroup',
  key: 13,
  version: 3,
  write: (writer, { group, memberId }) =>
    writer.string(group).array([memberId], (member) => writer.string(member).nullableString(null)),
  read: (reader) => {
    reader.int32();
    throwIfFailed(reader.int16(), 'LeaveGroup');
    reader.array(() => {
      reader.string();
      reader.nullableString();
      throwIfFailed(reader.int16(), 'LeaveGroup of the member');
    });
  },
};

/** Ids of the members that a group counts; none where there is no such group. */
export const DESCRIBE_GROUP: Api<{ readonly group: string }, readonly string[]> = {
  name: 'DescribeGroups',
  key: 15,
  version: 1,
  write: (writer, { group }) => writer.array([group], (each) => writer.string(each)),
  read: (reader) => {
    reader.int32();
    return reader
      .array(() => {
        throwIfFailed(reader.int16(), 'DescribeGroups');
        for (let text = 0; text < 4; text++) reader.string();
        return reader.array(() => {
          const memberId = reader.string();
          for (let text = 0; text < 2; text++) reader.string();
          for (let list = 0; list < 2; list++) reader.sizedBytes();
          return memberId;
        });
      })
      .flat();
  },
};
