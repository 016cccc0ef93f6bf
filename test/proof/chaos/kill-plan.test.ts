import { COMMIT_STEPS } from '../../../proof/chaos/commit-step';
import { planKills } from '../../../proof/chaos/kill-plan';
import { Random } from '../../../proof/simulation/random';

const victims = [
  'views',
  'gateway',
  'orders',
  'inventory',
  'accounts',
  'payments',
  'alerts',
  'edge',
  'kafka',
  'registry',
  'postgres',
  'redis',
];
const run = { kills: 100, orders: 50_000 };

function plan(seed: number) {
  return planKills(new Random(seed), victims, run);
}

describe('a plan of kills', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(plan(1)).toEqual(plan(1));
    expect(plan(2)).not.toEqual(plan(1));
  });

  test('kills everybody, nobody twice more often than another', () => {
    const counts = victims.map((victim) => plan(1).filter((kill) => kill.victim === victim).length);
    expect(counts.reduce((sum, count) => sum + count)).toBe(run.kills);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });

  test('meets every step of a commit, and the time between two', () => {
    const few = { kills: 2 * victims.length, orders: 1_000 };
    for (const seed of [1, 2, 3]) {
      const steps = planKills(new Random(seed), victims, few).flatMap(({ moment }) =>
        moment.kind === 'step' ? [moment.step] : [],
      );
      expect(new Set(steps)).toEqual(new Set(COMMIT_STEPS));
    }
  });

  test('kills one after the other, while orders are placed', () => {
    const moments = plan(1).map(({ afterOrders }) => afterOrders);
    expect(moments).toEqual([...moments].sort((a, b) => a - b));
    expect(moments[0]).toBeGreaterThan(0);
    expect(moments.at(-1)).toBeLessThan(run.orders);
  });

  test('chooses no step for a process that commits nothing', () => {
    const ofEdge = plan(1).filter(({ victim }) => victim === 'edge');
    expect(ofEdge.every(({ moment }) => moment.kind === 'any')).toBe(true);
  });
});
