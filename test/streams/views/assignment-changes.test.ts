import { AssignmentChanges } from '../../../streams/views/assignment-changes';

const first = { topic: 't', partition: 0 };
const second = { topic: 't', partition: 1 };

async function isSettled(promise: Promise<void>): Promise<boolean> {
  const open = {};
  // A settled promise wins the race against one that is settled later in the same turn.
  return (await Promise.race([promise, Promise.resolve(open)])) !== open;
}

describe('a change of the assignment', () => {
  it('is over for the group once the loop has taken it', async () => {
    let woken = 0;
    const changes = new AssignmentChanges(() => (woken += 1));
    const assigned = changes.assigned({ generation: 1, partitions: [first] });
    expect(changes.pending).toBe(true);
    expect(woken).toBe(1);
    expect(await isSettled(assigned)).toBe(false);
    expect(changes.take()).toEqual([first]);
    expect(await isSettled(assigned)).toBe(true);
    expect(changes.take()).toBeUndefined();
  });

  it('gives way to a newer one', () => {
    const changes = new AssignmentChanges(() => undefined);
    void changes.assigned({ generation: 1, partitions: [first] });
    changes.lost();
    void changes.assigned({ generation: 2, partitions: [second] });
    expect(changes.take()).toEqual([second]);
  });

  it('waits for nobody when the loop is over', async () => {
    const changes = new AssignmentChanges(() => undefined);
    const waiting = changes.assigned({ generation: 1, partitions: [first] });
    changes.close();
    await waiting;
    await changes.revoked();
    expect(changes.pending).toBe(false);
  });

  it('is no more when the membership has failed, and the loop hears why', () => {
    const changes = new AssignmentChanges(() => undefined);
    changes.failed(new Error('the group is gone'));
    expect(changes.pending).toBe(true);
    expect(() => changes.take()).toThrow('the group is gone');
  });
});
