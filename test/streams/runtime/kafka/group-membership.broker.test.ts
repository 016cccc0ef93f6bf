/** What other clients see of our group. */
import { AssignerProtocol } from 'kafkajs';

import { openKafkaFixture, kafkajsClient, waitFor } from './kafka-fixture';

jest.setTimeout(20_000);

describe('a group, seen by another client', () => {
  it('is a stable consumer group whose assignment can be decoded', async () => {
    const fixture = await openKafkaFixture();
    const admin = kafkajsClient().admin();
    await admin.connect();
    const topic = await fixture.createTopic(3);
    const group = fixture.freshName('group');
    const listener = {
      assigned: () => Promise.resolve(),
      revoked: () => Promise.resolve(),
      lost: () => undefined,
      failed: () => undefined,
    };
    const member = await fixture.broker.join({
      group,
      topics: [topic],
      stickyPartitions: () => [1],
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 10_000,
      listener,
    });
    const describeGroup = async () => (await admin.describeGroups([group])).groups[0];
    await waitFor('a stable group', async () => (await describeGroup())?.state === 'Stable');
    const described = await describeGroup();
    expect(described).toMatchObject({ protocolType: 'consumer' });
    const [seen] = described?.members ?? [];
    expect(seen?.memberId).toBe(member.memberId);
    const assignment = AssignerProtocol.MemberAssignment.decode(
      seen?.memberAssignment ?? Buffer.alloc(0),
    );
    expect(assignment?.assignment).toEqual({ [topic]: [0, 1, 2] });
    await member.leave();
    await waitFor('an empty group', async () => (await describeGroup())?.state !== 'Stable');
    await admin.disconnect();
    await fixture.close();
  });
});
