/**
 * A process that runs the probe app until it is killed: `tsx probe-process.ts PREFIX DATA INSTANCE`.
 * What it logs goes to standard output, a line of JSON each.
 */
import { systemClock } from '../../../platform/clock';
import { connectBroker } from '../../../streams/runtime/kafka/kafka-broker';
import { StoreFolder } from '../../../streams/runtime/store/store-folder';
import { Worker } from '../../../streams/runtime/worker';
import { probe } from './probe-app';
import { brokersFromEnvironment, probeCodec } from './probe-fixture';

function say(fields: object, message: string): void {
  process.stdout.write(`${JSON.stringify({ ...fields, message })}\n`);
}

const logger = { info: say, warn: say, error: say };

async function main(): Promise<void> {
  const [prefix = '', data = '', instance = ''] = process.argv.slice(2);
  const folder = await StoreFolder.open(data, prefix, instance, logger);
  const { app, deadLetters } = probe(prefix);
  await Worker.start({
    app,
    broker: await connectBroker({ brokers: brokersFromEnvironment(), clientId: prefix }),
    codec: probeCodec(prefix),
    clock: systemClock,
    logger,
    stores: folder,
    memberIdFile: folder.memberIdFile,
    deadLetters,
  });
}

void main();
