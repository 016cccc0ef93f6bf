/** The log itself, for whoever follows an alert down to the records that raised it. */
import { Type } from '@sinclair/typebox';
import { eventTopics, topicNamed } from '../../topics/catalogue';
import { problemAnswers } from '../contract/error';
import { closedObject } from '../contract/fields';
import { logOffsets, messageQuery, streamLag, topicList, topicMessages } from '../contract/topic';
import { EdgeError } from '../errors';
import { limits } from '../limits';
import type { EdgeParts, EdgeScope } from '../app-parts';

const tags = ['operations'];

export function topicRoutes(
  app: EdgeScope,
  { inspection, settings }: Pick<EdgeParts, 'inspection' | 'settings'>,
): void {
  const { kafka } = settings;

  app.get(
    '/topics',
    {
      schema: {
        tags,
        summary: 'Every event topic, and where Kafka and the registry are for other clients.',
        response: { 200: topicList, ...problemAnswers },
      },
    },
    () => ({
      ...kafka,
      topics: eventTopics.map(({ name, types }) => ({ name, types: [...types] })),
    }),
  );

  app.get(
    '/topics/:topic/messages',
    {
      schema: {
        tags,
        summary:
          'Records of one partition, decoded; those that are committed unless told otherwise.',
        params: closedObject({ topic: Type.String() }),
        querystring: messageQuery,
        response: { 200: topicMessages, ...problemAnswers },
      },
    },
    async (request) => {
      const { topic } = request.params;
      const {
        partition,
        offset,
        at,
        key,
        isolation,
        limit = String(limits.messagesMax),
      } = request.query;
      if (topicNamed(topic) === undefined) throw new EdgeError('NOT_FOUND');
      if (Number(partition) >= kafka.partitions) {
        const detail = `partition must be below ${String(kafka.partitions)}.`;
        throw new EdgeError('INVALID_FIELD', { field: 'partition', detail });
      }
      const { messages, next } = await inspection.messages(
        { topic, partition: Number(partition) },
        {
          ...(offset === undefined ? {} : { from: Number(offset) }),
          ...(at === undefined ? {} : { at: Number(at) }),
          ...(key === undefined ? {} : { key }),
          ...(isolation === undefined ? {} : { isolation }),
        },
        Math.min(Number(limit), limits.messagesMax),
      );
      return { messages: [...messages], next };
    },
  );

  app.get(
    '/log-offsets',
    {
      schema: {
        tags,
        summary: 'Where each partition begins and ends, and how far each app has come in it.',
        response: { 200: logOffsets, ...problemAnswers },
      },
    },
    () => inspection.offsets(),
  );

  app.get(
    '/lag',
    {
      schema: {
        tags,
        summary: 'Consumer lag of each app.',
        response: { 200: streamLag, ...problemAnswers },
      },
    },
    async () => ({ apps: [...(await inspection.lag())] }),
  );
}
