/**
 * What a commit costs and what a store takes, as a process of apps tells it. It measures around the
 * ports that a commit goes through (task/commit.ts: 2. the transaction, 3. the batch of the store),
 * so an app that nobody measures pays nothing.
 */
import { Gauge, Histogram, type Registry } from 'prom-client';
import type { Broker, TransactionalProducer } from './broker';
import type { StoreFolder } from './store/store-folder';
import type { Store, Stores } from './store/store';

/** Around what a commit takes on a quiet machine, and up to the transaction timeout of 10 s. */
const TRANSACTION_SECONDS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const STORE_SECONDS = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.25, 1];
const RECORDS = [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000];

export class CommitMetrics {
  private readonly transactions: Histogram<'app' | 'outcome'>;
  private readonly records: Histogram<'app'>;
  private readonly batches: Histogram<'app'>;
  /** By app; the newest, where one was started again. */
  private readonly folders = new Map<string, StoreFolder>();

  constructor(registry: Registry) {
    const registers = [registry];
    this.transactions = new Histogram({
      name: 'streams_transaction_duration_seconds',
      help: 'From the first record of a commit to the coordinator confirming it, by outcome.',
      labelNames: ['app', 'outcome'],
      buckets: TRANSACTION_SECONDS,
      registers,
    });
    this.records = new Histogram({
      name: 'streams_transaction_records',
      help: 'Records of a committed transaction: outputs and changelog.',
      labelNames: ['app'],
      buckets: RECORDS,
      registers,
    });
    this.batches = new Histogram({
      name: 'streams_store_write_duration_seconds',
      help: 'Writing the batch of a commit to the store.',
      labelNames: ['app'],
      buckets: STORE_SECONDS,
      registers,
    });
    registerSizes(registry, this.folders);
  }

  /** The same broker, whose transactions are measured. */
  broker(app: string, broker: Broker): Broker {
    return {
      ...broker,
      openProducer: async (transactionalId) =>
        this.producer(app, await broker.openProducer(transactionalId)),
    };
  }

  /** The same stores, whose writes are measured and whose size is told. */
  stores(app: string, folder: StoreFolder): Stores {
    this.folders.set(app, folder);
    return {
      open: async (partition) => this.store(app, await folder.open(partition)),
      destroy: (partition) => folder.destroy(partition),
      partitions: () => folder.partitions(),
    };
  }

  private producer(app: string, producer: TransactionalProducer): TransactionalProducer {
    return {
      commit: async (transaction) => {
        const end = this.transactions.startTimer({ app });
        try {
          await producer.commit(transaction);
        } catch (error) {
          end({ outcome: 'failed' });
          throw error;
        }
        end({ outcome: 'committed' });
        this.records.observe({ app }, transaction.records.length);
      },
      close: () => producer.close(),
    };
  }

  private store(app: string, store: Store): Store {
    return {
      checkpoint: () => store.checkpoint(),
      getMany: (keys) => store.getMany(keys),
      earliestTimers: (limit) => store.earliestTimers(limit),
      timersAfter: (after, limit) => store.timersAfter(after, limit),
      write: async (batch) => {
        const end = this.batches.startTimer({ app });
        await store.write(batch);
        end();
      },
      clear: () => store.clear(),
      close: () => store.close(),
    };
  }
}

function registerSizes(registry: Registry, folders: ReadonlyMap<string, StoreFolder>): void {
  new Gauge({
    name: 'streams_store_bytes',
    help: 'Bytes of a store on disk, its write-ahead log included.',
    labelNames: ['app', 'partition'] as const,
    registers: [registry],
    async collect() {
      this.reset();
      for (const [app, folder] of folders) {
        for (const partition of folder.partitions()) {
          this.set({ app, partition: String(partition) }, await folder.bytesOf(partition));
        }
      }
    },
  });
}
