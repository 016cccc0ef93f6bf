/**
 * Which process dies when, and in which step of its commit: drawn from the seed before the run. The
 * moments are counted in orders placed, so that a slow machine has its kills under the same load.
 *
 * What always holds: nobody is killed twice more often than anybody else; an app's kills go through
 * its steps, each app beginning with another one, so a few dozen kills meet every step.
 */
import type { Random } from '../simulation/random';
import { WISH_DELAY_MS_MAX, type CommitStep } from './commit-step';
import { stepsOf } from './victim';

export interface PlannedKill {
  /** Orders that are placed by then. */
  readonly afterOrders: number;
  readonly victim: string;
  readonly moment:
    | { readonly kind: 'any' }
    | { readonly kind: 'step'; readonly step: CommitStep; readonly delayMs: number };
}

/** Orders are already in flight at the first kill and still at the last. */
const FROM = 0.03;
const TO = 0.93;

export function planKills(
  random: Random,
  victims: readonly string[],
  { kills, orders }: { readonly kills: number; readonly orders: number },
): readonly PlannedKill[] {
  const drawn = drawVictims(random, victims, kills);
  const rounds = new Map<string, number>();
  return drawn.map((victim, index) => {
    const round = rounds.get(victim) ?? 0;
    rounds.set(victim, round + 1);
    // Somewhere in its own share of the run: kills come close together, never all at once.
    const place = (index + random.share()) / kills;
    return {
      afterOrders: Math.floor(orders * (FROM + (TO - FROM) * place)),
      victim,
      moment: momentOf(random, victim, victims.indexOf(victim) + round),
    };
  });
}

/** Everybody once, in a drawn order, then everybody again. */
function drawVictims(random: Random, victims: readonly string[], kills: number): readonly string[] {
  const drawn: string[] = [];
  while (drawn.length < kills) {
    const left = [...victims];
    while (left.length > 0) {
      const [one] = left.splice(random.between(0, left.length - 1), 1);
      if (one !== undefined) drawn.push(one);
    }
  }
  return drawn.slice(0, kills);
}

function momentOf(random: Random, victim: string, turn: number): PlannedKill['moment'] {
  const steps = stepsOf(victim);
  const step = steps[turn % Math.max(1, steps.length)];
  const delayMs = random.between(0, WISH_DELAY_MS_MAX);
  return step === undefined ? { kind: 'any' } : { kind: 'step', step, delayMs };
}
