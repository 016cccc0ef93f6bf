/**
 * What passes over socket.io. A client asks `join` with a room and is answered with a snapshot;
 * from then on `event` brings what the log says, from the snapshot's positions on. A record may
 * come twice (in the snapshot and as an event, or after a reconnect), so the client keeps the
 * eventIds it has seen, or the highest offset of each topic and partition.
 *
 * Who was in the room before asks `resume` of this or of any other edge, with how far it has come in
 * each partition of the room, and is given what it missed from the log. An edge that cannot tell all
 * of that answers with a snapshot, as to a `join`.
 */
import type { ErrorCode } from '../errors';
import type { AlertView, MoneySum } from './alert';
import type { OrderView, TimelineEntry } from './order';
import type { PaymentView } from './payment';

/** `order:<orderId>` for its owner and operators, `ops` for operators. */
export type Room = `order:${string}` | 'ops';

/** The snapshot holds all records of the partition below `nextOffset`. */
export interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly nextOffset: number;
}

export interface OrderSnapshot {
  readonly kind: 'order';
  /** Null: the read models do not have the order yet; its events will come. */
  readonly order: OrderView | null;
  readonly payment: PaymentView | null;
  readonly timeline: readonly TimelineEntry[];
  readonly positions: readonly Position[];
}

export interface OpsSnapshot {
  readonly kind: 'ops';
  /** Those that are not resolved, by severity, then the oldest first. */
  readonly alerts: readonly AlertView[];
  /** How many are not resolved, also those that `alerts` has no room for, and their money. */
  readonly total: number;
  readonly moneyAtRisk: readonly MoneySum[];
  readonly positions: readonly Position[];
}

export interface PushError {
  readonly code: ErrorCode;
  readonly message: string;
  /** The client may ask again, after a pause of its own. */
  readonly retry: boolean;
}

export type JoinReply<Snapshot = OrderSnapshot | OpsSnapshot> =
  | { readonly kind: 'joined'; readonly room: Room; readonly snapshot: Snapshot }
  | { readonly kind: 'refused'; readonly room: string; readonly error: PushError };

/** `resumed`: the events go on where the client had come to. */
export type ResumeReply = JoinReply | { readonly kind: 'resumed'; readonly room: Room };

/** One record of the log, as a timeline entry, and the room it was sent to. */
export type LiveEvent = TimelineEntry & { readonly room: Room };

export interface ClientToServer {
  join(room: string, reply: (answer: JoinReply) => void): void;
  /** `positions`: each partition of the room once, as the snapshot had them. */
  resume(room: string, positions: readonly Position[], reply: (answer: ResumeReply) => void): void;
  leave(room: string, reply: () => void): void;
}

export interface ServerToClient {
  event(event: LiveEvent): void;
  /** A backing service is down, or back; what was joined stays joined. */
  trouble(error: PushError): void;
  recovered(): void;
}
