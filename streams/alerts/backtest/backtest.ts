/**
 * The alerts app over past topics: the production rules and lifecycle, with other settings where
 * wanted, run in memory in log time, and compared with what was raised then. Reads only: no group is
 * joined, no offset committed, nothing produced, no schema registered.
 *
 * Everything is read from the start of the topics, because an order of today may have begun long
 * ago; alerts count when they were detected within the span. What operators asked for is replayed
 * with the rest, so an alert that was resolved by hand is so in the run.
 *
 *   grace A 5 s, as then     PaymentSucceeded 0 s, OrderPaid 8 s    raised at 5 s: the same
 *   grace A 10 s             the same log                           not raised: fewer, one
 *   (test: "with a longer grace, what was answered within it is no longer raised")
 */
import { recordTypes } from '../../../schemas/avro-types';
import type { Codec } from '../../../platform/avro/codec';
import type { AnyEvent } from '../../../schemas/event';
import { alertsLifecycle, alertsRaised } from '../../../topics/alerts';
import { deadLetters } from '../../../topics/dead-letters';
import { partitionName, type Broker, type LogRecord } from '../../runtime/broker';
import type { Clock } from '../../../platform/clock';
import { LogReplay } from '../../runtime/log-replay';
import { mergedLog } from '../../runtime/merged-log';
import { RecordDecoder } from '../../runtime/task/record-decoder';
import type { QueuedRecord } from '../../runtime/task/input-queue';
import type { StreamApp } from '../../runtime/app';
import type { AlertsSettings } from '../settings';
import { alertsApp } from '../topology';
import { AlertOutcomes, type Span } from './alert-outcome';
import { compare, type Comparison } from './comparison';

export interface PastTopics {
  readonly broker: Broker;
  /** Only decodes. */
  readonly codec: Codec;
  readonly clock: Clock;
}

export interface BacktestResult {
  readonly comparison: Comparison;
  /** Records of the app's inputs that were run. */
  readonly records: number;
  /** Records that the app itself had not handled yet: what is raised about them counts as more. */
  readonly unhandled: number;
}

export async function backtest(
  topics: PastTopics,
  settings: AlertsSettings,
  span: Span,
): Promise<BacktestResult> {
  const { broker } = topics;
  const app = alertsApp(settings);
  const names = app.inputs.map(({ name }) => name);
  const partitions = Math.max(...(await broker.partitionCounts(names)).values());
  const [raised, run] = [new AlertOutcomes(span), new AlertOutcomes(span)];
  let records = 0;
  let unhandled = 0;
  for (let partition = 0; partition < partitions; partition += 1) {
    const handledTo = await handledOffsets(broker, app, partition);
    const replay = new LogReplay({ records: recordTypes, app, deadLetters });
    for await (const queued of decoded(topics, app, { partition, until: span.until })) {
      const { topic, offset } = queued.record;
      records += 1;
      if (offset >= handledTo(topic)) unhandled += 1;
      for (const event of replay.handle(queued)) run.take(event);
    }
    for (const event of replay.advance(span.until)) run.take(event);
    // Later than the run, so that all that it raises had its chance to be written.
    for await (const event of written(topics, partition)) raised.take(event);
  }
  return { comparison: compare(raised.byId, run.byId), records, unhandled };
}

async function* decoded(
  { broker, codec, clock }: PastTopics,
  app: StreamApp,
  { partition, until }: { readonly partition: number; readonly until: number },
): AsyncGenerator<QueuedRecord> {
  const decoder = new RecordDecoder(app, codec, clock, new AbortController().signal);
  const topics = app.inputs.map(({ name }) => name);
  for await (const record of mergedLog(broker, { topics, partition, until })) {
    yield decoder.record(record) ?? (await learned(decoder, record));
  }
}

async function learned(decoder: RecordDecoder, record: LogRecord): Promise<QueuedRecord> {
  await decoder.learnMissing();
  const queued = decoder.record(record);
  if (queued === undefined) throw new Error(`${record.topic} has a schema that was just learned`);
  return queued;
}

/** The raising first: of one transaction, its resolution may have been logged a moment earlier. */
async function* written(topics: PastTopics, partition: number): AsyncGenerator<AnyEvent> {
  for (const { name } of [alertsRaised, alertsLifecycle]) yield* eventsOn(topics, name, partition);
}

async function* eventsOn(
  { broker, codec }: PastTopics,
  topic: string,
  partition: number,
): AsyncGenerator<AnyEvent> {
  for await (const record of mergedLog(broker, { topics: [topic], partition, until: Infinity })) {
    let result = codec.decode(record.value);
    if (result.kind === 'unknown-schema') {
      await codec.learn([result.schemaId]);
      result = codec.decode(record.value);
    }
    if (result.kind === 'event') yield result.event;
  }
}

/** Up to where the app itself has handled each topic, exclusive. */
async function handledOffsets(broker: Broker, app: StreamApp, partition: number) {
  const places = app.inputs.map(({ name }) => ({ topic: name, partition }));
  const committed = await broker.committedOffsets(app.name, places);
  return (topic: string) => committed.get(partitionName({ topic, partition }))?.offset ?? 0;
}
