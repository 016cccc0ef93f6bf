/**
 * State records as they stand in the store and in the changelog: the same bytes, an Avro record
 * that carries the key's timers (S2).
 */
import type { Codec } from '../../../platform/avro/codec';
import { RuntimeError } from '../errors';
import type { StateKey } from '../store/store';
import { ABSENT, type Entry, type Timers } from './entry';

/** The field of a state record that the runtime keeps its timers in; at its end, it costs least. */
const TIMERS = 'timers';

export type DecodedState =
  | { readonly kind: 'entry'; readonly entry: Entry }
  | { readonly kind: 'unknown-schema'; readonly schemaId: number };

/** Throws STORE_DAMAGED for bytes that are not a state record: rebuild, never a dead letter. */
export function decodeState(codec: Codec, key: string, value: Buffer | null): DecodedState {
  if (value === null) return { kind: 'entry', entry: ABSENT };
  const decoded = codec.decodeApart(value, TIMERS);
  switch (decoded.kind) {
    case 'event': {
      const { event: state, field } = decoded;
      return { kind: 'entry', entry: { kind: 'present', state, timers: field as Timers } };
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
  const decoded = codec.decodeField(value, TIMERS);
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
  return codec.encodeApart(changelog, entry.state, TIMERS, entry.timers);
}
