import { readRecordTypes, recordTypeIn, type RecordType } from '../platform/avro/record-types';
import type { EventType } from './event';

/** Every record of schemas/, and the runtime's own, parsed once per process. */
export const recordTypes = readRecordTypes(__dirname);

export function recordType(type: EventType): RecordType {
  return recordTypeIn(recordTypes, type);
}
