import { AssignerProtocol } from 'kafkajs';

import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from '../../../../../streams/runtime/kafka/protocol/consumer-protocol';

describe('the consumer protocol', () => {
  const claims = { generation: 3, held: [0, 2], sticky: [2, 0, 5] };

  it('carries topics and claims, and is readable by other clients', () => {
    const bytes = encodeSubscription({ topics: ['orders', 'payments'], claims });
    expect(decodeSubscription(bytes)).toEqual({ topics: ['orders', 'payments'], claims });
    expect(AssignerProtocol.MemberMetadata.decode(bytes)).toMatchObject({
      version: 0,
      topics: ['orders', 'payments'],
    });
  });

  it.each(['', 'no json', '[]', '{"generation":"1"}', '{"generation":1,"held":["0"],"sticky":[]}'])(
    'takes foreign user data (%s) for no claims',
    (text) => {
      const userData = Buffer.from(text);
      const bytes = AssignerProtocol.MemberMetadata.encode({ version: 0, topics: ['a'], userData });
      expect(decodeSubscription(bytes)).toEqual({
        topics: ['a'],
        claims: { generation: 0, held: [], sticky: [] },
      });
    },
  );

  it('carries an assignment, and is readable by other clients', () => {
    const partitions = [
      { topic: 'orders', partition: 1 },
      { topic: 'payments', partition: 1 },
      { topic: 'orders', partition: 4 },
    ];
    const bytes = encodeAssignment(partitions);
    expect(decodeAssignment(bytes)).toEqual([partitions[0], partitions[2], partitions[1]]);
    expect(AssignerProtocol.MemberAssignment.decode(bytes)?.assignment).toEqual({
      orders: [1, 4],
      payments: [1],
    });
  });

  it('takes an empty answer for an assignment of nothing', () => {
    expect(decodeAssignment(Buffer.alloc(0))).toEqual([]);
  });
});
