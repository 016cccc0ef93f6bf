import { systemClock } from '../../platform/clock';
import type { Result, Scenario } from './scenario';
import type { World } from './world';

/** Plays one scenario; what goes wrong becomes a result, with its reason. */
export async function play(scenario: Scenario, world: World): Promise<Result> {
  const began = systemClock.now();
  try {
    const saw = await scenario.play(world);
    return { kind: 'held', saw, tookMs: systemClock.now() - began };
  } catch (error) {
    const saw = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', saw, tookMs: systemClock.now() - began };
  }
}
