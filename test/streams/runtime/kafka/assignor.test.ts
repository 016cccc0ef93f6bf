import { assignUnits, type GroupMember } from '../../../../streams/runtime/kafka/assignor';

const TOPICS = ['orders', 'payments'];

function member(memberId: string, claims: Partial<GroupMember['claims']> = {}): GroupMember {
  return { memberId, topics: TOPICS, claims: { generation: 0, held: [], sticky: [], ...claims } };
}

function counts(partitions: number): ReadonlyMap<string, number> {
  return new Map(TOPICS.map((topic) => [topic, partitions]));
}

/** Units by member; checks on the way that each unit comes with all of its topics. */
function units(members: readonly GroupMember[], partitions: number) {
  const assigned = assignUnits(members, counts(partitions));
  return Object.fromEntries(
    [...assigned].map(([memberId, all]) => {
      const [first, second] = TOPICS.map((topic) =>
        all.filter((each) => each.topic === topic).map(({ partition }) => partition),
      );
      expect(second).toEqual(first);
      return [memberId, first];
    }),
  );
}

describe('the assignor', () => {
  it('shares units evenly when nobody claims any', () => {
    expect(units([member('a'), member('b'), member('c')], 6)).toEqual({
      a: [0, 3],
      b: [1, 4],
      c: [2, 5],
    });
  });

  it('does not depend on the order of the members', () => {
    const members = [member('a', { sticky: [5] }), member('b', { held: [0, 1], generation: 2 })];
    expect(units([...members].reverse(), 7)).toEqual(units(members, 7));
  });

  it('leaves units with who holds them when a member joins, and moves only the surplus', () => {
    const held = [0, 1, 2, 3, 4, 5];
    expect(units([member('a', { generation: 1, held }), member('b')], 6)).toEqual({
      a: [0, 1, 2],
      b: [3, 4, 5],
    });
  });

  it('lets a holder that must give units up keep those that nobody else has state for', () => {
    const all = [0, 1, 2, 3, 4, 5];
    const holder = member('holder', { generation: 1, held: all, sticky: all });
    expect(units([holder, member('back', { sticky: [1, 3, 5] })], 6)).toEqual({
      holder: [0, 2, 4],
      back: [1, 3, 5],
    });
  });

  it('prefers the holder over one that only has old state, and the later holder over the earlier', () => {
    const members = [
      member('former', { generation: 3, held: [0], sticky: [0, 1] }),
      member('holder', { generation: 4, held: [0] }),
    ];
    expect(units(members, 2)).toEqual({ former: [1], holder: [0] });
  });

  it('gives a unit that nobody holds to who has its state', () => {
    const members = [member('a'), member('b', { sticky: [0, 1] }), member('c')];
    expect(units(members, 3)).toMatchObject({ b: [0] });
  });

  it('never lets claims unbalance the members', () => {
    const greedy = member('greedy', { generation: 9, held: [0, 1, 2, 3, 4, 5, 6] });
    const sizes = Object.values(units([greedy, member('b'), member('c')], 7)).map(
      (own) => own?.length ?? 0,
    );
    expect([...sizes].sort()).toEqual([2, 2, 3]);
  });

  it('leaves a member without units when there are fewer units than members', () => {
    const sizes = Object.values(units([member('a'), member('b'), member('c')], 2));
    expect(sizes.map((own) => own?.length).sort()).toEqual([0, 1, 1]);
  });

  it('gives each member only the topics that it subscribes to', () => {
    const old = { ...member('old'), topics: ['orders'] };
    const assigned = assignUnits([old], counts(1));
    expect(assigned.get('old')).toEqual([{ topic: 'orders', partition: 0 }]);
  });

  it('ignores a claim of a unit that does not exist', () => {
    expect(units([member('a', { sticky: [99, -1] })], 1)).toEqual({ a: [0] });
  });

  it('keeps balanced, complete and disjoint for any claims', () => {
    // A small generator of its own: the same cases in every run.
    let seed = 7;
    const next = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed % below;
    };
    for (let round = 0; round < 300; round++) {
      const [partitions, size] = [next(20), 1 + next(6)];
      const claim = () => Array.from({ length: next(8) }, () => next(20));
      const members = Array.from({ length: size }, (_, index) =>
        member(`m${index}`, { generation: next(4), held: claim(), sticky: claim() }),
      );
      const shares = Object.values(units(members, partitions)).map((own) => own ?? []);
      const all = shares.flat().sort((a, b) => a - b);
      expect(all).toEqual(Array.from({ length: partitions }, (_, unit) => unit));
      const sizes = shares.map((own) => own.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  });
});
