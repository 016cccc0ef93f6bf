/** A process that runs the probe app until it is killed: `tsx probe-worker.ts PREFIX DATA INSTANCE`. */
import { systemClock } from '../../../streams/runtime/clock';
import { connectBroker } from '../../../streams/runtime/kafka/kafka-broker';
import { StoreFolder } from '../../../streams/runtime/store/store-folder';
import { Worker } from '../../../streams/runtime/worker';
import { probe } from './probe-app';
import { brokersFromEnvironment, probeCodec } from './probe-fixture';

const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

async function main(): Promise<void> {
  const [prefix = '', data = '', instance = ''] = process.argv.slice(2);
  const stores = await StoreFolder.open(data, prefix, instance, logger);
  const { app, deadLetters } = probe(prefix);
  await Worker.start({
    app,
    broker: await connectBroker({ brokers: brokersFromEnvironment(), clientId: prefix }),
    codec: probeCodec(prefix),
    clock: systemClock,
    logger,
    stores,
    memberIdFile: stores.memberIdFile,
    deadLetters,
  });
}

void main();
