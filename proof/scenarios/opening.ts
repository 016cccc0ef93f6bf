/** The three orders that `npm start` places: what goes well, what is mended, what needs a person. */
import { play } from './play';
import { ruleC } from './stories/contradictions';
import { clean, webhookLost } from './stories/settled';
import type { World } from './world';

export async function openingOrders(world: World, say: (line: string) => void): Promise<void> {
  for (const scenario of [clean, webhookLost, ruleC]) {
    say(`\n— ${scenario.name}: ${scenario.expected}`);
    const result = await play(scenario, world);
    say(`  ${result.kind === 'held' ? 'seen' : 'NOT as expected'}: ${result.saw}`);
  }
}
