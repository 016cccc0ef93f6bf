/**
 * `npm run prove:rebalance -- [--orders N] [--rate R] [--seed S] [--brokers 3] [--var FOLDER]`:
 * three processes of all apps join, leave, die and sleep under load, on a product of its own. Prints
 * how long any partition was stalled at each rebalance; status 0 only when no event was lost or
 * doubled, and none took longer than another process may.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { rebalanceFaults, rebalanceReport } from './rebalance-report';
import { runRebalances, type Instance } from './rebalances';
import { WATCH_AFTER_MS } from './paypay-books';
import { runCommand } from '../../local/processes/command-runner';
import type { StreamsLayout } from '../../local/pipeline/pipeline';
import { startProduct, type Product } from '../../local/pipeline/product';
import { progressOn } from '../../local/processes/progress';
import { parseBrokers } from '../../local/stack/stack-arguments';
import { projectFolder } from '../../local/stack/stack-folders';
import type { StopRequest } from '../../local/processes/stop-signals';
import { interrupted, subjectOf, wholeNumber } from './subject';

const INSTANCES = ['one', 'two', 'three'];
const SETTINGS = {
  GATEWAY_CALLS_PER_SECOND: '500',
  PAYMENTS_LIFETIME_MS: '40000',
  PAYMENTS_WATCH_AFTER_MS: WATCH_AFTER_MS.join(','),
  // Notifications of orders that never come would keep the log growing for a quarter of an hour.
  PAYMENTS_PARK_MS: '30000',
};

async function prove(args: readonly string[], stop: StopRequest): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      orders: { type: 'string', default: '5000' },
      rate: { type: 'string', default: '25' },
      seed: { type: 'string', default: '1' },
      brokers: { type: 'string' },
      var: { type: 'string', default: path.join(projectFolder, 'var', 'rebalance') },
    },
  });
  const plan = {
    orders: wholeNumber('orders', values.orders, 1),
    ratePerS: wholeNumber('rate', values.rate, 1),
    seed: wholeNumber('seed', values.seed, 0),
  };
  const varFolder = path.resolve(values.var);
  const brokers = parseBrokers(values.brokers);
  Object.assign(process.env, SETTINGS);
  const progress = progressOn();
  const start = { varFolder, fresh: true, brokers, streams: threeProcesses() };
  const product = await startProduct(start, stop, progress);
  try {
    const subject = { ...subjectOf(product), instances: instancesOf(product) };
    const result = await Promise.race([
      runRebalances(subject, { ...plan, say: (line) => progress.say(line) }),
      interrupted(stop),
    ]);
    const file = path.join(varFolder, 'rebalance-report.json');
    writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
    console.log(rebalanceReport(result));
    return rebalanceFaults(result).length === 0 ? 0 : 1;
  } finally {
    await product.stop();
  }
}

function threeProcesses(): StreamsLayout {
  return {
    script: 'streams/main',
    processes: INSTANCES.map((instance) => ({
      name: `streams-${instance}`,
      apps: undefined,
      instance,
    })),
  };
}

function instancesOf({ pipeline }: Product): readonly [Instance, Instance, Instance] {
  const [one, two, three] = INSTANCES.map((instance): Instance => {
    const process = pipeline.processes.get(`streams-${instance}`);
    if (process === undefined) throw new Error(`there is no process of instance ${instance}`);
    return {
      name: process.spec.name,
      pid: () => process.pid,
      stop: () => process.stop(),
      kill: () => process.kill(),
      start: () => process.start(),
    };
  });
  if (one === undefined || two === undefined || three === undefined) throw new Error('too few');
  return [one, two, three];
}

runCommand(prove);
