/** One seed: its run, and what the checkers say of it. The same seed gives the same, every time. */
import { checkActions } from './checkers/actions';
import { checkAlerts } from './checkers/alerts';
import { checkAnswers } from './checkers/answers';
import { CommittedLog } from './checkers/committed-log';
import { checkConservation } from './checkers/conservation';
import { checkDeadLetters } from './checkers/dead-letters';
import { checkIdentities } from './checkers/identity';
import { checkMoney } from './checkers/money';
import { checkOrders } from './checkers/order-history';
import { checkRest } from './checkers/rest';
import { checkStores } from './checkers/stores';
import { checkViews } from './checkers/views';
import { simulationSettings } from './settings';
import { World, type WorldOptions } from './world';

export interface SimulationResult {
  readonly seed: number;
  /** Empty when all went as it must. */
  readonly violations: readonly string[];
  /** Events in the log in the end; tells that something happened at all. */
  readonly events: number;
}

export async function simulate(options: WorldOptions): Promise<SimulationResult> {
  const world = new World(options);
  await world.run();
  const { cluster, codec, database, deaths, instances, partitions, paypay } = world;
  const log = CommittedLog.ofCluster(cluster, codec, partitions);
  const violations = [
    ...deaths,
    ...checkRest(instances, partitions),
    ...checkIdentities(log),
    ...checkOrders(log),
    ...checkConservation(log, simulationSettings.accounts),
    ...checkMoney(log, paypay.ledger),
    ...checkAnswers(log),
    ...checkAlerts(log, simulationSettings.alerts),
    ...checkActions(log),
    ...checkDeadLetters(log),
    ...checkViews(log, database),
    ...(await checkStores({ log, cluster, instances })),
  ];
  return { seed: options.seed, violations, events: log.eventsCount };
}
