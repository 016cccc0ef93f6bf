/**
 * A process that runs the probe app and kills itself with SIGKILL in the middle of a commit: after
 * Kafka has it, before RocksDB does. `tsx killed-worker.ts PREFIX DATA (state|timer)`: in the first
 * commit that changes a state, or in the first that only fires timers.
 */
import { systemClock } from '../../../platform/clock';
import { connectBroker } from '../../../streams/runtime/kafka/kafka-broker';
import { StoreFolder } from '../../../streams/runtime/store/store-folder';
import type { Store, StoreBatch, Stores } from '../../../streams/runtime/store/store';
import { Worker } from '../../../streams/runtime/worker';
import { probe } from './probe-app';
import { brokersFromEnvironment, probeCodec } from './probe-fixture';

const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

function killsItself(store: Store, when: (batch: StoreBatch) => boolean): Store {
  return {
    checkpoint: () => store.checkpoint(),
    getMany: (keys) => store.getMany(keys),
    earliestTimers: (limit) => store.earliestTimers(limit),
    timersAfter: (after, limit) => store.timersAfter(after, limit),
    clear: () => store.clear(),
    close: () => store.close(),
    write: (batch) => {
      if (when(batch)) process.kill(process.pid, 'SIGKILL');
      return store.write(batch);
    },
  };
}

async function main(): Promise<void> {
  const [prefix = '', data = '', kind = ''] = process.argv.slice(2);
  const when: (batch: StoreBatch) => boolean =
    kind === 'timer'
      ? ({ timersCleared, timersSet }) => timersCleared.length > 0 && timersSet.length === 0
      : ({ timersSet }) => timersSet.length > 0;
  const folder = await StoreFolder.open(data, prefix, 'one', logger);
  const stores: Stores = {
    open: async (partition) => killsItself(await folder.open(partition), when),
    destroy: (partition) => folder.destroy(partition),
    partitions: () => folder.partitions(),
  };
  const { app, deadLetters } = probe(prefix);
  await Worker.start({
    app,
    broker: await connectBroker({ brokers: brokersFromEnvironment(), clientId: prefix }),
    codec: probeCodec(prefix),
    clock: systemClock,
    logger,
    stores,
    memberIdFile: folder.memberIdFile,
    deadLetters,
  });
}

void main();
