/**
 * S1's half in Kafka: what the committed offset of a task says about its store. It stands in the
 * metadata of the task's anchor, partition p of its first input, and is replaced with every commit.
 */
import { RuntimeError } from '../errors';

export interface CommitMetadata {
  /** Number of the commit; the first is 1. */
  readonly seq: number;
  /** The changelog holds all state of the commit below this offset. */
  readonly changelogEnd: number;
  readonly storeId: string;
}

const VERSION = 1;

export function encodeCommitMetadata({ seq, changelogEnd, storeId }: CommitMetadata): string {
  return JSON.stringify({ v: VERSION, seq, end: changelogEnd, store: storeId });
}

/** Throws PROTOCOL for a text that this build did not write: someone else commits for the group. */
export function decodeCommitMetadata(text: string): CommitMetadata {
  const fields = parse(text);
  if (
    fields['v'] !== VERSION ||
    typeof fields['seq'] !== 'number' ||
    typeof fields['end'] !== 'number' ||
    typeof fields['store'] !== 'string'
  ) {
    throw new RuntimeError('PROTOCOL', `offset metadata is not of this runtime: ${text}`);
  }
  return { seq: fields['seq'], changelogEnd: fields['end'], storeId: fields['store'] };
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
