/**
 * All scenarios, and what holds of all of them together. Those that touch only their own orders are
 * played side by side, because most of their time is waiting; the others after them, one by one.
 */
import type { EventOf } from '../../schemas/event';
import { alertsRaised } from '../../topics/alerts';
import { scenarios } from './catalogue';
import { play } from './play';
import type { RunningStack } from '../../platform/running-stack';
import type { Result, Scenario } from './scenario';
import { seed } from './seed';
import { World } from './world';

export interface Played {
  readonly scenario: Pick<Scenario, 'name' | 'expected'>;
  readonly result: Result;
}

type Raised = Pick<EventOf<'AlertRaised'>, 'rule' | 'orderId'>;

/** As many as a machine with two cores plays without one holding another up. */
const AT_ONCE = 4;

export async function playAll(
  running: RunningStack,
  say: (line: string) => void,
): Promise<readonly Played[]> {
  const world = await World.open(running, String(Date.now()));
  const raised: Raised[] = [];
  world.log.watch(({ event }) => {
    if (event.type === 'AlertRaised') raised.push(event);
  });
  const results = new Map<string, Result>();
  const tell = async (scenario: Scenario) => {
    const result = await play(scenario, world);
    say(`${result.kind === 'held' ? 'ok    ' : 'FAILED'} ${scenario.name}: ${result.saw}`);
    results.set(scenario.name, result);
  };
  try {
    await seed(world);
    await sideBySide(
      scenarios.filter(({ touches }) => touches !== 'everything').sort(byLength),
      tell,
    );
    for (const scenario of scenarios) if (scenario.touches === 'everything') await tell(scenario);
    const last = noOtherAlerts(raised);
    await tell(last);
    return [...scenarios, last].flatMap((scenario) => {
      const result = results.get(scenario.name);
      return result === undefined ? [] : [{ scenario, result }];
    });
  } finally {
    await world.close();
  }
}

function byLength(a: Scenario, b: Scenario): number {
  return Number(b.lasts !== undefined) - Number(a.lasts !== undefined);
}

async function sideBySide(
  stories: readonly Scenario[],
  tell: (scenario: Scenario) => Promise<void>,
): Promise<void> {
  const left = [...stories];
  const teller = async () => {
    for (let story = left.shift(); story !== undefined; story = left.shift()) await tell(story);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, teller));
}

/** Waits out the graces, so that an alert that is only due would be seen. */
function noOtherAlerts(raised: readonly Raised[]): Scenario {
  const expected = scenarios.flatMap(({ alerts = [] }) => alerts).sort();
  return {
    name: 'no-other-alerts',
    expected: `nothing but what the stories raise is on ${alertsRaised.name}: ${expected.join(', ')}`,
    async play(world) {
      const { ruleAGraceMs, ruleBGraceMs } = world.stack;
      const until = Date.now() + Math.max(ruleAGraceMs, ruleBGraceMs) + 2_000;
      await world.eventually(
        'the graces are over',
        () => (Date.now() > until ? true : undefined),
        120_000,
      );
      const seen = raised.map(({ rule }) => rule).sort();
      const places = raised.map(({ rule, orderId }) => `${rule} of ${orderId}`).sort();
      world.expect(
        seen.join() === expected.join(),
        `the alerts are ${expected.join(', ')}; there are ${places.join(', ')}`,
      );
      return `${seen.join(', ')} and no other`;
    },
  };
}

export function tableOf(played: readonly Played[]): string {
  const width = Math.max(...played.map(({ scenario }) => scenario.name.length));
  const rows = played.map(({ scenario, result }) => {
    const mark = result.kind === 'held' ? 'ok    ' : 'FAILED';
    const seconds = `${(result.tookMs / 1_000).toFixed(1)} s`.padStart(7);
    return `${scenario.name.padEnd(width)}  ${mark} ${seconds}  ${result.saw}`;
  });
  const held = played.filter(({ result }) => result.kind === 'held').length;
  return ['', ...rows, '', `${String(held)} of ${String(played.length)} as expected`].join('\n');
}
