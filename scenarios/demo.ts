/** All scenarios in a row, and what holds of all of them together. */
import { alertsRaised } from '../topics/alerts';
import { scenarios } from './catalogue';
import { play } from './play';
import type { RunningStack } from './running-stack';
import type { Result, Scenario } from './scenario';
import { seed } from './seed';
import { World } from './world';

export interface Played {
  readonly scenario: Pick<Scenario, 'name' | 'expected'>;
  readonly result: Result;
}

/** Rules that the scenarios bring about; an alert beyond them is a false one. */
const EXPECTED_ALERTS = ['RULE_A', 'RULE_B', 'RULE_C'];

export async function playAll(
  running: RunningStack,
  say: (line: string) => void,
): Promise<readonly Played[]> {
  const world = await World.open(running, String(Date.now()));
  const raised: string[] = [];
  world.log.watch(({ event }) => {
    if (event.type === 'AlertRaised') raised.push(event.rule);
  });
  try {
    await seed(world);
    const played: Played[] = [];
    for (const scenario of [...scenarios, noOtherAlerts(raised)]) {
      const result = await play(scenario, world);
      say(`${result.kind === 'held' ? 'ok    ' : 'FAILED'} ${scenario.name}: ${result.saw}`);
      played.push({ scenario, result });
    }
    return played;
  } finally {
    await world.close();
  }
}

/** Waits out the graces, so that an alert that is only due would be seen. */
function noOtherAlerts(raised: readonly string[]): Scenario {
  return {
    name: 'no-other-alerts',
    expected: `nothing but ${EXPECTED_ALERTS.join(', ')} is on ${alertsRaised.name}, once each`,
    async play(world) {
      const { ruleAGraceMs, ruleBGraceMs } = world.stack;
      const until = Date.now() + Math.max(ruleAGraceMs, ruleBGraceMs) + 2_000;
      await world.eventually(
        'the graces are over',
        () => (Date.now() > until ? true : undefined),
        120_000,
      );
      world.expect(
        [...raised].sort().join() === EXPECTED_ALERTS.join(),
        `the alerts are ${EXPECTED_ALERTS.join()} (${[...raised].sort().join()})`,
      );
      return `${raised.join(', ')} and no other`;
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
