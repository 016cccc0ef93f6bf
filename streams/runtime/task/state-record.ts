/**
 * State records as they stand in the store and in the changelog: the same bytes, an Avro record
 * that carries the key's timers (S2).
 */
import type { Codec } from '../../../platform/avro/codec';
import type { AnyEvent } from '../../../platform/avro/event';
import { RuntimeError } from '../errors';
import type { StateKey } from '../store/store';
import { ABSENT, type Entry, type Timers } from './unit-of-work';

export type DecodedState =
  | { readonly kind: 'entry'; readonly entry: Entry }
  | { readonly kind: 'unknown-schema'; readonly schemaId: number };

/** Throws STORE_DAMAGED for bytes that are not a state record: rebuild, never a dead letter. */
export function decodeState(codec: Codec, key: string, value: Buffer | null): DecodedState {
  if (value === null) return { kind: 'entry', entry: ABSENT };
  const decoded = codec.decode(value);
  switch (decoded.kind) {
    case 'event': {
      const { timers, ...state } = decoded.event as AnyEvent & { readonly timers: Timers };
      return { kind: 'entry', entry: { kind: 'present', state: state as AnyEvent, timers } };
    }
    case 'unknown-schema':
      return decoded;
    case 'undecodable':
      throw new RuntimeError(
        'STORE_DAMAGED',
        `state ${key}: ${decoded.errorCode} ${decoded.reason}`,
      );
  }
}

export type DecodedTimers =
  | { readonly kind: 'timers'; readonly timers: Timers }
  | { readonly kind: 'unknown-schema'; readonly schemaId: number };

/** The timers alone, for whoever needs nothing else of a state. Throws as `decodeState` does. */
export function decodeTimers(codec: Codec, key: StateKey | null, value: Buffer): DecodedTimers {
  const decoded = codec.decodeField(value, 'timers');
  switch (decoded.kind) {
    case 'field':
      return { kind: 'timers', timers: decoded.value as Timers };
    case 'unknown-schema':
      return decoded;
    case 'undecodable':
      throw new RuntimeError(
        'STORE_DAMAGED',
        `state ${String(key)}: ${decoded.errorCode} ${decoded.reason}`,
      );
  }
}

export function encodeState(codec: Codec, changelog: string, entry: Entry): Buffer | null {
  if (entry.kind === 'absent') return null;
  return codec.encode(changelog, { ...entry.state, timers: entry.timers } as unknown as AnyEvent);
}
