/** Patch: the same on a real broker, read by kafkajs' own consumer beside our reader. */
import type { Consumer } from 'kafkajs';

import { createTopic, freshName, kafkajsClient, openTransaction, waitFor } from '../kafka-fixture';

jest.setTimeout(20_000);

describe('a read_committed consumer of kafkajs', () => {
  const kafka = kafkajsClient();
  const admin = kafka.admin();
  let consumer: Consumer;

  beforeAll(async () => {
    await admin.connect();
    consumer = kafka.consumer({ groupId: freshName('group'), readUncommitted: false });
    await consumer.connect();
  });

  afterAll(async () => {
    await Promise.all([consumer.disconnect(), admin.disconnect()]);
  });

  it('sees no record of two interleaved transactions of which the second aborted first', async () => {
    const topic = await createTopic(admin, 1);
    const write = (value: string, key = 'key') =>
      openTransaction(kafka, [{ topic, partition: 0, key, value: Buffer.from(value) }]);
    const first = await write('aborted', '\0\0\0\0');
    const second = await write('aborted');
    await second.abort();
    await first.abort();
    await (await write('committed')).commit();
    const seen: (string | undefined)[] = [];
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      eachMessage: ({ message }) => {
        seen.push(message.value?.toString());
        return Promise.resolve();
      },
    });
    await waitFor('the committed record', () => seen.includes('committed'));
    expect(seen).toEqual(['committed']);
  });
});
