/**
 * Writes a batch to Postgres: what its records come to, and where the log was read to.
 *
 * What always holds: one record never holds up the rest. What Postgres refuses as data is looked for
 * record by record, and the culprit becomes a dead letter (D1) in the transaction that moves past
 * it. Many of them are no bad data but a bug of ours, and end the app.
 *
 *   o o x o o  ──refused──>  o │ o │ x ──refused──> letter │ o │ o
 */
import type { Codec, Decoded } from '../../platform/avro/codec';
import type { AnyEvent } from '../../schemas/event';
import type { LogRecord } from '../runtime/broker';
import { partitionName } from '../runtime/broker';
import type { Clock } from '../../platform/clock';
import { DeadLetterRate } from '../runtime/task/dead-letter';
import { singlesOf, type Batch } from './batch';
import { VIEW_LIMITS } from './limits';
import { refusesData } from './postgres-error';
import type { Projection } from './projection';
import { refusedRecord, rowsOf, type Verdict } from './record-rows';
import { RowSet } from './row-set';
import { deadLetterRow } from './projections/dead-letters';
import type { CommitOutcome, ViewDatabase } from './view-store';

/** What a record of a batch that stands said. */
export interface WrittenEvent {
  readonly record: LogRecord;
  readonly event: AnyEvent;
}

export interface BatchWriterOptions {
  readonly codec: Codec;
  readonly store: ViewDatabase;
  readonly clock: Clock;
  readonly projectionOf: (topic: string) => Projection;
  /** Told of each record that Postgres refused: `topic-partition@offset`, and why. */
  readonly onRefused: (place: string, reason: string) => void;
  /** Told what was written, once it stands. */
  readonly onWritten?: (events: readonly WrittenEvent[]) => void;
}

export class BatchWriter {
  private readonly refusals = new DeadLetterRate(VIEW_LIMITS.refusedRecordsPerMinuteMax);

  constructor(private readonly options: BatchWriterOptions) {}

  /** Of several transactions the first that is stale ends the batch; what came before it stands. */
  async write(batch: Batch): Promise<CommitOutcome> {
    const { store, onWritten } = this.options;
    const read = await this.read(batch);
    try {
      const outcome = await store.commit(batch, this.rowsOfAll(read));
      if (outcome.kind === 'committed') onWritten?.(read.flatMap(eventOf));
      return outcome;
    } catch (error) {
      if (!refusesData(error)) throw error;
      const records = batch.flatMap((slice) => slice.records);
      const [record] = records;
      return record !== undefined && records.length === 1
        ? this.bury(batch, record, error.message)
        : this.writeSingly(batch);
    }
  }

  private async writeSingly(batch: Batch): Promise<CommitOutcome> {
    for (const single of singlesOf(batch)) {
      const outcome = await this.write(single);
      if (outcome.kind === 'stale') return outcome;
    }
    return { kind: 'committed' };
  }

  private bury(batch: Batch, record: LogRecord, reason: string): Promise<CommitOutcome> {
    const { clock, store, onRefused } = this.options;
    const letter = refusedRecord(record, reason);
    this.refusals.count(clock.now(), letter);
    onRefused(`${partitionName(record)}@${String(record.offset)}`, reason);
    const rows = new RowSet();
    rows.add(deadLetterRow(letter, record.timestamp));
    return store.commit(batch, rows);
  }

  private async read(batch: Batch): Promise<readonly ReadRecord[]> {
    const { codec } = this.options;
    const records = batch.flatMap((slice) => slice.records);
    const first = records.map(({ value }) => codec.decode(value));
    await codec.learn(first.flatMap(unknownSchema));
    return records.map((record, index) => ({
      record,
      verdict: verdictOn(record, first[index], codec),
    }));
  }

  private rowsOfAll(read: readonly ReadRecord[]): RowSet {
    const rows = new RowSet();
    for (const { record, verdict } of read) {
      const changes = rowsOf(this.options.projectionOf(record.topic), record, verdict);
      for (const change of changes) rows.add(change);
    }
    return rows;
  }
}

interface ReadRecord {
  readonly record: LogRecord;
  readonly verdict: Verdict;
}

function eventOf({ record, verdict }: ReadRecord): readonly WrittenEvent[] {
  return verdict.kind === 'event' ? [{ record, event: verdict.event }] : [];
}

function unknownSchema(decoded: Decoded): readonly number[] {
  return decoded.kind === 'unknown-schema' ? [decoded.schemaId] : [];
}

/** After `learn` there is a verdict on every schema. */
function verdictOn({ value }: LogRecord, first: Decoded | undefined, codec: Codec): Verdict {
  const decoded = first?.kind === 'event' ? first : codec.decode(value);
  if (decoded.kind === 'unknown-schema') {
    throw new Error(`schema ${decoded.schemaId} was asked for and is still unknown`);
  }
  return decoded;
}
