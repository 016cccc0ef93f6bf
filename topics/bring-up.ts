/** The topics of the shop, and its schemas in the registry: what its processes do before all else. */
import { bringUp, type BringUpOptions } from '../platform/bring-up';
import type { Codec } from '../platform/avro/codec';
import { recordTypes } from '../schemas/avro-types';

/** Makes the topics that are missing, and registers the records of schemas/ that stand on them. */
export function bringUpTopics(options: Omit<BringUpOptions, 'records'>): Promise<Codec> {
  return bringUp({ ...options, records: recordTypes });
}
