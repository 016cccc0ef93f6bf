import { ManualClock } from '../../../platform/manual-clock';
import type { Assignment } from '../../../streams/runtime/broker';
import { GroupMember, type MemberPort } from '../../../streams/runtime/group-member';

const PARTITIONS = [{ topic: 'requests', partition: 0 }];

function assignment(generation: number, memberId = 'a'): Assignment {
  return { generation, memberId, partitions: PARTITIONS };
}

/** The listener's calls while a member is given one assignment after the other. */
async function callsOf(assignments: readonly Assignment[]): Promise<readonly string[]> {
  const clock = new ManualClock(0);
  const calls: string[] = [];
  const left = [...assignments];
  let served: () => void = () => undefined;
  const allServed = new Promise<void>((resolve) => (served = resolve));
  const port: MemberPort = {
    memberId: 'a',
    begin: () => Promise.resolve(),
    join: () => Promise.resolve(left.shift()),
    heartbeat: () => Promise.resolve(left.length > 0 ? 'rebalance' : 'counted'),
    forget: () => calls.push('forgotten'),
    interrupt: () => undefined,
    leave: () => Promise.resolve(),
  };
  const membership = await GroupMember.join({
    port,
    clock,
    heartbeatIntervalMs: 100,
    options: {
      group: 'orders',
      topics: ['requests'],
      sessionTimeoutMs: 1_000,
      rebalanceTimeoutMs: 1_000,
      stickyPartitions: () => [],
      listener: {
        assigned: ({ generation, memberId }) => {
          calls.push(`assigned ${memberId}/${String(generation)}`);
          if (left.length === 0) served();
          return Promise.resolve();
        },
        revoked: () => {
          calls.push('revoked');
          return Promise.resolve();
        },
        lost: () => calls.push('lost'),
        failed: (error) => calls.push(`failed ${String(error)}`),
      },
    },
  });
  const ticking = setInterval(() => clock.moveTo(clock.now() + 100), 1);
  await allServed;
  const seen = [...calls];
  await membership.leave();
  clearInterval(ticking);
  return seen;
}

describe('E2: what a member was given before', () => {
  it('stays with it in the next generation, and when the same one is told again', async () => {
    await expect(callsOf([assignment(3), assignment(4), assignment(4)])).resolves.toEqual([
      'assigned a/3',
      'revoked',
      'assigned a/4',
      'revoked',
      'assigned a/4',
    ]);
  });

  it('is lost after a generation that it has not seen: another may have had it meanwhile', async () => {
    await expect(callsOf([assignment(3), assignment(5)])).resolves.toEqual([
      'assigned a/3',
      'revoked',
      'lost',
      'assigned a/5',
    ]);
  });

  it('is lost when it has become another member while it joined', async () => {
    await expect(callsOf([assignment(3), assignment(4, 'b')])).resolves.toEqual([
      'assigned a/3',
      'revoked',
      'lost',
      'assigned b/4',
    ]);
  });
});
