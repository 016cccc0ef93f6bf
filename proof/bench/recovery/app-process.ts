/**
 * A process of the app that is measured: `tsx app-process.ts BROKERS NAME INPUT DATA INSTANCE`. Runs
 * until it is killed, and tells what happens when, a word and the wall clock in ms a line, as the
 * peer does.
 */
import { endCommand } from '../../../platform/command-end';
import { systemClock } from '../../../platform/clock';
import { connectBroker } from '../../../streams/runtime/kafka/kafka-broker';
import { StoreFolder } from '../../../streams/runtime/store/store-folder';
import { Worker } from '../../../streams/runtime/worker';
import { benchCodec, latestValue } from './latest-value';

function tell(what: string, ...more: readonly unknown[]): void {
  process.stdout.write(`${[what, Date.now(), ...more].join(' ')}\n`);
}

interface Said {
  readonly partition?: number;
  readonly partitions?: readonly number[];
  readonly records?: number;
  readonly plan?: string;
  readonly ms?: number;
}

function told({ partition, partitions, records, plan, ms }: Said, message: string): void {
  if (message === 'partitions assigned') tell('assigned', partitions?.join());
  else if (message === 'rebuilding the store') tell('restoring', partition);
  else if (records !== undefined && ms !== undefined)
    tell('restored', partition, records, plan, ms);
  else tell('said', message);
}

async function main(): Promise<void> {
  const [brokers = '', name = '', input = '', data = '', instance = ''] = process.argv.slice(2);
  tell('begun');
  const bench = latestValue(name, input);
  const logger = { info: told, warn: told, error: told };
  const stores = await StoreFolder.open(data, name, instance, logger);
  const worker = await Worker.start({
    app: bench.app,
    broker: await connectBroker({ brokers: brokers.split(','), clientId: instance }),
    codec: benchCodec(bench),
    clock: systemClock,
    logger,
    stores,
    memberIdFile: stores.memberIdFile,
    deadLetters: bench.deadLetters,
  });
  await worker.ended;
}

main().catch((error: unknown) => {
  console.error(error);
  endCommand(1);
});
