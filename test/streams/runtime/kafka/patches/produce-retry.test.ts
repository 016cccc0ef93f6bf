/** Patch: one broker's failure does not make another broker's records go out twice. */
import createRetry from 'kafkajs/src/retry';
import createSendMessages from 'kafkajs/src/producer/sendMessages';

const silent = { debug: () => undefined, error: () => undefined };

/** A broker that leads the partition of its own number. */
function leader(nodeId: number, produce: () => Promise<object>) {
  return { nodeId, produce };
}

function written(partition: number): object {
  return { topics: [{ topicName: 'orders', partitions: [{ partition, baseOffset: '0' }] }] };
}

describe('the patched send of kafkajs', () => {
  it('waits for every broker before it retries, so that nothing is sent twice', async () => {
    const sent: string[] = [];
    let answerSlow: () => void = () => undefined;
    const failedOnce = new Promise<void>((resolve) => (answerSlow = resolve));
    const flaky = leader(0, () => {
      sent.push('flaky');
      if (sent.filter((one) => one === 'flaky').length > 1) return Promise.resolve(written(0));
      // The other broker answers only well after this failure has been seen.
      setTimeout(answerSlow, 50);
      const refusal = { name: 'KafkaJSProtocolError', retriable: true };
      return Promise.reject(Object.assign(new Error('not enough replicas'), refusal));
    });
    const slow = leader(1, async () => {
      sent.push('slow');
      await failedOnce;
      return written(1);
    });
    const brokers = new Map([flaky, slow].map((broker) => [String(broker.nodeId), broker]));
    const cluster = {
      addMultipleTargetTopics: () => Promise.resolve(),
      refreshMetadata: () => Promise.resolve(),
      refreshMetadataIfNecessary: () => Promise.resolve(),
      findTopicPartitionMetadata: () => [{}, {}],
      findLeaderForPartitions: (_: string, partitions: string[]) =>
        Object.fromEntries(partitions.map((partition) => [partition, [partition]])),
      findBroker: ({ nodeId }: { nodeId: string }) => Promise.resolve(brokers.get(nodeId)),
      isConnected: () => true,
    };
    const eosManager = {
      acquireBrokerLock: () => Promise.resolve(),
      releaseBrokerLock: () => undefined,
      isTransactional: () => false,
      getSequence: () => 0,
      updateSequence: () => undefined,
      getProducerId: () => 1,
      getProducerEpoch: () => 0,
    };
    const send = createSendMessages({
      logger: silent,
      cluster,
      partitioner: ({ message }) => message.partition ?? 0,
      eosManager,
      retrier: createRetry({ initialRetryTime: 1, retries: 5 }),
    });
    await send({
      acks: -1,
      topicMessages: [{ topic: 'orders', messages: [{ partition: 0 }, { partition: 1 }] }],
    });
    expect(sent).toEqual(['flaky', 'slow', 'flaky']);
  });
});
