/**
 * The app whose recovery is measured: per key a count and the latest value, kept in RocksDB with
 * its changelog; the count is sent on for every record. Its topics bear the name of the run. The
 * records of the shop serve as they are; what their fields mean there does not matter here.
 */
import { recordTypes } from '../../../schemas/avro-types';
import { Codec } from '../../../platform/avro/codec';
import type { EventOf } from '../../../schemas/event';
import { UNMARKED } from '../../../schemas/request-marks';
import { defineApp, type StreamApp } from '../../../streams/runtime/app';
import { changelogOf } from '../../../platform/changelog';
import { KEEP, defineTopic, type Topic } from '../../../topics/topic';

/** About what a state of the shop holds besides its key: 100 bytes. */
const VALUE = 'v'.repeat(100);

export interface LatestValue {
  readonly app: StreamApp;
  readonly input: Topic<'SpendingLimitChanged'>;
  readonly output: Topic<'AccountBalance'>;
  readonly deadLetters: Topic<'DeadLetter'>;
}

/** `input`: name of the topic that all contestants of a run read. */
export function latestValue(name: string, inputName: string): LatestValue {
  const input = defineTopic({
    name: inputName,
    types: ['SpendingLimitChanged'],
    key: ({ userId }) => userId,
    cleanup: KEEP,
  });
  const output = defineTopic({
    name: `${name}.output`,
    types: ['AccountBalance'],
    key: ({ userId }) => userId,
    cleanup: KEEP,
  });
  const deadLetters = defineTopic({
    name: `${name}.dead-letters`,
    types: ['DeadLetter'],
    key: ({ key }) => key?.toString('utf8') ?? '',
    cleanup: KEEP,
  });
  const app = defineApp({
    name,
    inputs: [input],
    outputs: [output],
    changelog: changelogOf(name, ['FundsHoldState']),
    keys: ({ userId }) => [userId],
    handle(event, context) {
      const { eventId, occurredAt, causationId, correlationId, userId, limit, currency } = event;
      const count = (context.get(userId)?.amount ?? 0) + 1;
      const latest = {
        ...{ userId, orderId: event.actor, amount: count, pieces: 1 },
        status: 'HELD',
      } as const;
      context.put(userId, { type: 'FundsHoldState', ...latest });
      context.emit(output, {
        type: 'AccountBalance',
        ...{ eventId, occurredAt, causationId, correlationId, userId, limit, currency },
        ...{ available: 0, held: 0, used: count },
      });
    },
    onTimer: () => undefined,
  });
  return { app, input, output, deadLetters };
}

/** Ids that need no registry: schemas are not what is measured. */
export function benchCodec({ app, input, output, deadLetters }: LatestValue): Codec {
  return Codec.local(recordTypes, [input, output, app.changelog, deadLetters]);
}

/** A key of fixed length: the loader puts others in its place. */
export function keyOf(number: number): string {
  return `k${String(number).padStart(9, '0')}`;
}

export function sample(userId: string): EventOf<'SpendingLimitChanged'> {
  return {
    type: 'SpendingLimitChanged',
    eventId: `${userId}-6fd3a1c2-4c33`,
    occurredAt: 1_700_000_000_000,
    causationId: `${userId}-6fd3a1c2-4c33`,
    correlationId: userId,
    userId,
    limit: 50_000,
    currency: 'JPY',
    actor: VALUE,
    ...UNMARKED,
    reason: '',
  };
}

/** Bytes of a state record, which the other side keeps as many of. */
export function stateBytes(): number {
  const bench = latestValue('bench', 'bench.input');
  const latest = {
    userId: keyOf(0),
    orderId: VALUE,
    amount: 1,
    pieces: 1,
    status: 'HELD',
  } as const;
  const { name } = bench.app.changelog;
  return benchCodec(bench).encode(name, { type: 'FundsHoldState', ...latest, timers: {} }).length;
}
