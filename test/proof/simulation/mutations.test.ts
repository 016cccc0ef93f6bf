import { simulate } from '../../../proof/simulation/simulation';
import { mutations } from './mutations';

const SEEDS_MAX = 1_000;

test.each(Object.entries(mutations))(
  'the simulation notices when %s',
  async (_, alteration) => {
    for (let seed = 1; seed <= SEEDS_MAX; seed += 1) {
      const { violations } = await simulate({ seed, alteration });
      if (violations.length > 0) return;
    }
    throw new Error(`${SEEDS_MAX} seeds did not notice`);
  },
  600_000,
);
