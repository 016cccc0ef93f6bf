/** What the API gives of the log itself. */
import { Type, type Static } from '@sinclair/typebox';
import { limits } from '../limits';
import {
  closedObject,
  instant,
  int,
  long,
  nullable,
  offset,
  oneOf,
  partition,
  patterned,
} from './fields';

export const topicList = closedObject({
  brokers: Type.String({ description: 'For a client such as kcat: host:port, …' }),
  registryUrl: Type.String({ description: 'Of the schema registry, without its credentials.' }),
  partitions: int({ minimum: 1, description: 'Of each topic.' }),
  topics: Type.Array(
    closedObject({
      name: Type.String(),
      types: Type.Array(Type.String(), { description: 'The Avro records that may stand on it.' }),
    }),
  ),
});

export const messageQuery = closedObject({
  key: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: limits.messageKeyCharactersMax,
      description: 'Only records of this key: the newest of them, or those from `offset` on.',
    }),
  ),
  at: Type.Optional(
    patterned('^[0-9]{1,15}$', 'an instant in milliseconds', {
      description: 'Begins with the first record that was logged then or later.',
    }),
  ),
  partition: patterned('^[0-9]{1,4}$', 'a number of at most 4 digits', {
    description: 'Partition of the topic.',
  }),
  offset: Type.Optional(
    patterned('^[0-9]{1,15}$', 'a number of at most 15 digits', {
      description: 'Where to begin; without it the newest are given.',
    }),
  ),
  isolation: Type.Optional(
    oneOf(['read_committed', 'read_uncommitted'], {
      description:
        'read_uncommitted: records of open and aborted transactions as well; see `outcome`. ' +
        'Without it read_committed.',
    }),
  ),
  limit: Type.Optional(
    patterned('^[1-9][0-9]?$', 'a number from 1 to 99', {
      description: `At most ${String(limits.messagesMax)} are given.`,
    }),
  ),
});

export const topicMessage = closedObject({
  topic: Type.String(),
  partition,
  offset,
  loggedAt: instant,
  outcome: oneOf(['COMMITTED', 'ABORTED', 'UNDECIDED'], {
    description:
      'Of the transaction that wrote it. UNDECIDED: it is open, or stands behind an open one; ' +
      'whoever reads what is committed does not have it yet.',
  }),
  key: nullable(Type.String()),
  headers: Type.Record(Type.String(), Type.String(), { description: 'As UTF-8.' }),
  schemaId: nullable(
    int({ description: 'Of the writer, by which the registry knows its schema.' }),
  ),
  valueBytes: int({ minimum: 0 }),
  type: nullable(Type.String({ description: 'Name of the Avro record; null: see `problem`.' })),
  payload: nullable(
    Type.Record(Type.String(), Type.Unknown(), { description: 'The whole event.' }),
  ),
  problem: nullable(Type.String({ description: 'Why it cannot be read; null: it can.' })),
});

export const topicMessages = closedObject({
  messages: Type.Array(topicMessage, {
    maxItems: limits.messagesMax,
    description: 'Records in log order.',
  }),
  next: offset,
});

export const logOffsets = closedObject({
  at: instant,
  topics: Type.Array(
    closedObject({
      name: Type.String(),
      partitions: Type.Array(
        closedObject({
          partition,
          start: { ...offset, description: 'The first record that can still be read.' },
          end: { ...offset, description: 'Where the next record will stand.' },
        }),
      ),
    }),
  ),
  apps: Type.Array(
    closedObject({
      app: Type.String(),
      positions: nullable(
        Type.Array(closedObject({ topic: Type.String(), partition, offset }), {
          description: 'What it reads next, for each partition of its inputs; null: not known now.',
        }),
      ),
    }),
  ),
});

export const streamLag = closedObject({
  apps: Type.Array(
    closedObject({
      app: Type.String(),
      lagRecords: nullable(
        long({
          minimum: 0,
          description:
            'Consumer lag: records of its inputs that it has not processed yet; null: not known now.',
        }),
      ),
    }),
  ),
});

export type TopicMessage = Static<typeof topicMessage>;
export type TopicList = Static<typeof topicList>;
export type TopicMessages = Static<typeof topicMessages>;
export type MessageQuery = Static<typeof messageQuery>;
export type LogOffsets = Static<typeof logOffsets>;
export type StreamLag = Static<typeof streamLag>;
