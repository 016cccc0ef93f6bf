/**
 * One record to rows: what its projection makes of it and its place on the timeline, or a dead
 * letter of this reader's own. Every record ends in exactly one of the two (D1).
 */
import type { Decoded } from '../../platform/avro/codec';
import type { EventOf } from '../../schemas/event';
import type { LogRecord } from '../runtime/broker';
import { deadLetterOfRecord, type Failure } from '../runtime/task/dead-letter';
import { carries, deletedRow, type Projection } from './projection';
import { deadLetterRow } from './projections/dead-letters';
import { requestRows } from './projections/requests';
import { timelineRows } from './projections/timeline';
import { storable } from './storable';
import type { RowChange } from './table';

/** The name under which what could not be read is found in dead_letters. */
export const VIEWS_APP = 'views';

/** A schema that the registry was not asked for yet is no verdict: ask, then decode again. */
export type Verdict = Exclude<Decoded, { kind: 'unknown-schema' }>;

export function rowsOf(
  projection: Projection,
  record: LogRecord,
  verdict: Verdict,
): readonly RowChange[] {
  const { topic, deletion } = projection;
  if (deletion.kind === 'row' && record.value === null && record.key !== null) {
    return [deletedRow(deletion, record.key)];
  }
  if (verdict.kind === 'undecodable') return [letter(record, verdict)];
  const { event } = verdict;
  if (!carries(topic, event.type)) {
    const reason = `${event.type} does not belong on ${record.topic}`;
    return [letter(record, { errorCode: 'UNEXPECTED_TYPE', reason })];
  }
  const result = storable([
    ...projection.rows(event, record),
    ...timelineRows(event, record),
    ...requestRows(event, record),
  ]);
  switch (result.kind) {
    case 'storable':
      return result.changes;
    case 'unstorable':
      return [letter(record, { errorCode: 'UNSTORABLE', reason: result.reason })];
  }
}

/** The letter of a record whose rows the database would not take. */
export function refusedRecord(record: LogRecord, reason: string): EventOf<'DeadLetter'> {
  return deadLetterOfRecord(VIEWS_APP, record, { errorCode: 'REFUSED_BY_DATABASE', reason });
}

function letter(record: LogRecord, failure: Failure): RowChange {
  return deadLetterRow(deadLetterOfRecord(VIEWS_APP, record, failure), record.timestamp);
}
