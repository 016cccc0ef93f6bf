/** Which messages of a topic are wanted: lives in the address, so that it can be kept and sent on. Pure. */
import type { TopicMessage } from '../../edge/contract/api-types';

export const BEGINNINGS = ['newest', 'offset', 'time'] as const;
export type Beginning = (typeof BEGINNINGS)[number];

export interface MessageSearch {
  /** Null: all of them. */
  readonly partition: number | null;
  readonly from: Beginning;
  /** Where `from` is an offset. */
  readonly offset: number;
  /** Ms since the epoch, where `from` is a time. */
  readonly at: number;
  /** Empty: whatever the key. */
  readonly key: string;
  /** Records of open and aborted transactions as well. */
  readonly isUncommitted: boolean;
}

/** In the address as in the API. */
const UNCOMMITTED = { isolation: 'read_uncommitted' } as const;

/** Query values of the address, which anybody may have typed; what makes no sense is left out. */
export function searchOf(query: Readonly<Record<string, unknown>>): MessageSearch {
  const { partition, from, offset, at, key, isolation } = query;
  return {
    partition: wholeOf(partition) ?? null,
    from: BEGINNINGS.find((beginning) => beginning === from) ?? 'newest',
    offset: wholeOf(offset) ?? 0,
    at: wholeOf(at) ?? 0,
    key: typeof key === 'string' ? key : '',
    isUncommitted: isolation === UNCOMMITTED.isolation,
  };
}

/** The shortest query that searchOf reads as this search. */
export function queryOf({ partition, from, offset, at, key, isUncommitted }: MessageSearch) {
  return {
    ...(partition === null ? {} : { partition: String(partition) }),
    ...(from === 'newest' ? {} : { from }),
    ...(from === 'offset' ? { offset: String(offset) } : {}),
    ...(from === 'time' ? { at: String(at) } : {}),
    ...(key === '' ? {} : { key }),
    ...(isUncommitted ? UNCOMMITTED : {}),
  };
}

/** What the edge is asked for one partition. */
export function requestOf(
  { from, offset, at, key, isUncommitted }: MessageSearch,
  partition: number,
) {
  return {
    partition: String(partition),
    ...(from === 'offset' ? { offset: String(offset) } : {}),
    ...(from === 'time' ? { at: String(at) } : {}),
    ...(key === '' ? {} : { key }),
    ...(isUncommitted ? UNCOMMITTED : {}),
  };
}

/** Of each key the message that stands last in its partition; one without a key stands for itself. */
export function latestOfEachKey(messages: readonly TopicMessage[]): readonly TopicMessage[] {
  const newest = new Map<string, TopicMessage>();
  for (const message of messages) {
    const { key, partition, offset } = message;
    const name = `${String(partition)}/${key ?? `@${String(offset)}`}`;
    if ((newest.get(name)?.offset ?? -1) <= offset) newest.set(name, message);
  }
  return messages.filter((message) => [...newest.values()].includes(message));
}

/** The newest first, by the log's time. */
export function newestFirst(messages: readonly TopicMessage[]): readonly TopicMessage[] {
  return [...messages].sort(
    (a, b) => b.loggedAt - a.loggedAt || b.partition - a.partition || b.offset - a.offset,
  );
}

function wholeOf(text: unknown): number | undefined {
  return typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
