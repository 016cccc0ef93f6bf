/** What becomes of each order, drawn from the seed: most are paid, the others are the mix of a shop. */
import { drawMix, type FaultMix } from '../../simulator/fault-mix';
import type { Random } from '../simulation/random';

export interface OrderPlan {
  readonly faults: FaultMix;
  /** So long after the order was taken; undefined: the shopper does not cancel. */
  readonly cancelAfterMs: number | undefined;
  /** It ends without a person's word; one with a wrong amount waits for that. */
  readonly endsByItself: boolean;
}

/** In hundredths. `any mix`: whatever the matrix of scenarios may draw. */
const WEIGHTS = {
  paid: 69,
  'webhook trouble': 12,
  failed: 4,
  expired: 3,
  cancelled: 5,
  authorized: 3,
  'any mix': 4,
} as const;
const CANCEL_MS = [200, 4_000] as const;

export function drawOrder(random: Random, seed: number, index: number): OrderPlan {
  const kind = random.weighted(WEIGHTS);
  switch (kind) {
    case 'paid':
      return planOf([]);
    case 'webhook trouble':
      return planOf(random.pick([['lost'], ['doubled'], ['reordered'], ['forged']] as const));
    case 'failed':
      return planOf(['payment-failed']);
    case 'expired':
      return planOf(['never-paid']);
    case 'cancelled':
      return { ...planOf(['never-paid']), cancelAfterMs: random.between(...CANCEL_MS) };
    case 'authorized':
      return random.chance(0.5)
        ? planOf(['authorized-only'])
        : { ...planOf(['authorized-only']), cancelAfterMs: random.between(...CANCEL_MS) };
    case 'any mix':
      return planOf(drawMix(seed, String(index)));
  }
}

function planOf(faults: FaultMix): OrderPlan {
  const waits = faults.includes('wrong-amount') || faults.includes('wrong-currency');
  return { faults, cancelAfterMs: undefined, endsByItself: !waits };
}
