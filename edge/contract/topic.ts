/** What the API gives of the log itself. */
import { Type, type Static } from '@sinclair/typebox';
import { limits } from '../limits';
import { closedObject, instant, int, long, nullable, offset, partition, patterned } from './fields';

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
  partition: patterned('^[0-9]{1,4}$', 'a number of at most 4 digits', {
    description: 'Partition of the topic.',
  }),
  offset: Type.Optional(
    patterned('^[0-9]{1,15}$', 'a number of at most 15 digits', {
      description: 'Where to begin; without it the newest are given.',
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
  key: nullable(Type.String()),
  type: nullable(Type.String({ description: 'Name of the Avro record; null: see `problem`.' })),
  payload: nullable(
    Type.Record(Type.String(), Type.Unknown(), { description: 'The whole event.' }),
  ),
  problem: nullable(Type.String({ description: 'Why it cannot be read; null: it can.' })),
});

export const topicMessages = closedObject({
  messages: Type.Array(topicMessage, {
    maxItems: limits.messagesMax,
    description: 'Committed records in log order.',
  }),
  next: offset,
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
export type StreamLag = Static<typeof streamLag>;
