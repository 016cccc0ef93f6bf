/**
 * Ways to break the runtime, each put between a process and its ports, so that production code has
 * no switch for it. The simulation must notice every one of them.
 */
import {
  partitionName,
  type Broker,
  type CommittedOffset,
  type RecordReader,
  type TransactionalProducer,
} from '../../../streams/runtime/broker';
import type { HandlerContext, StreamApp } from '../../../streams/runtime/app';
import type { AnyEvent, EventType } from '../../../schemas/event';
import { RuntimeError } from '../../../streams/runtime/errors';
import type { MemoryCluster } from '../../../streams/runtime/memory/memory-cluster';
import type { Store, Stores } from '../../../streams/runtime/store/store';
import { decodeCommitMetadata } from '../../../streams/runtime/task/commit-metadata';
import type { FaultPlan } from '../../../proof/simulation/fault-plan';
import { overlaid } from '../../../proof/simulation/overlaid-broker';
import type { Ports } from '../../../proof/simulation/app-kinds';
import { MemoryViewDatabase } from '../../../proof/simulation/view-database';
import type { Alteration } from '../../../proof/simulation/world';

type Transaction = Parameters<TransactionalProducer['commit']>[0];
type Commit = TransactionalProducer['commit'];

const NOTHING_DIES: Partial<FaultPlan> = {
  killPerRequest: 0,
  killPerWrite: 0,
  killEveryMs: Infinity,
  freezeEveryMs: Infinity,
  restartEveryMs: Infinity,
  outageEveryMs: Infinity,
  callFailure: 0,
};

/** What holds without it, as it is broken. */
export const mutations: Readonly<Record<string, Alteration>> = {
  'E1: offsets are committed in a transaction of their own': onProducers((commit) => {
    return async (transaction) => {
      let written: readonly number[] = [];
      const { group, records } = transaction;
      await commit({
        group,
        records,
        offsets: (places) => {
          written = places;
          return [];
        },
      });
      await commit({ group, records: [], offsets: () => transaction.offsets(written) });
    };
  }),

  'E2: offsets are read while a transaction may still move them': {
    ports: (ports, cluster) => ({ ...ports, broker: withHastyOffsets(ports.broker, cluster) }),
  },

  'E2: offsets are taken from whoever sends them': onProducers((commit) => {
    return ({ member: _, ...transaction }) => commit(transaction);
  }),

  'E2: what is given again after generations that were not seen is kept': {
    faults: { lateRequest: 0.05 },
    ports: (ports) => ({ ...ports, broker: withMembersThatLoseNothing(ports.broker) }),
  },

  'E3: a commit of unknown outcome is tried again': {
    ports: (ports) => ({ ...ports, broker: withStubbornProducers(ports.broker) }),
  },

  'S1: the store is written before the commit': {
    // A process must die between the two.
    faults: { killPerWrite: 0.05 },
    ports: (ports, cluster) => writingFirst(ports, cluster),
  },

  'S1: the sequence numbers are not compared': {
    ports: (ports) => {
      const seen = new Map<string, CommittedOffset>();
      const broker = rememberingOffsets(ports.broker, seen);
      return { ...ports, broker, stores: withBelievedCheckpoints(ports.stores, seen) };
    },
  },

  'S1: commits that only fired timers are not counted': {
    ports: (ports) => ({ ...ports, broker: withoutTimerOnlyCommits(ports.broker) }),
  },

  'S2: tombstones are not applied when the changelog is read': onReaders((reader) => {
    return async (maxWaitMs) => {
      const fetched = await reader.poll(maxWaitMs);
      return fetched.map((partition) => ({
        ...partition,
        records: partition.records.filter(({ value }) => value !== null),
      }));
    };
  }),

  'S2: timers are not restored': onStores((store) => ({
    // A restore writes its batches as of commit 0.
    write: (batch) => store.write(batch.checkpoint.seq === 0 ? { ...batch, timersSet: [] } : batch),
  })),

  'T1: the last stable offset is taken for the end of the log': {
    // An order must be paid in time, and the news of it be held up past the deadline.
    faults: { ...NOTHING_DIES, markerDelayMaxMs: 1_500, lateMarker: 0.3, webhookLoss: 0 },
    ports: (ports, cluster) => ({
      ...ports,
      broker: overlaid(ports.broker, {
        logEnds: async (partitions) => {
          await ports.broker.logEnds(partitions);
          return new Map(
            partitions.map((place) => [partitionName(place), cluster.log(place).lastStableOffset]),
          );
        },
      }),
    }),
  },

  'T1: the high watermark is taken for the end of the log': {
    faults: { ...NOTHING_DIES, replicationDelayMaxMs: 1_500, lateReplication: 0.3, webhookLoss: 0 },
    ports: (ports) => ({
      ...ports,
      broker: overlaid(ports.broker, {
        logEnds: (partitions) => ports.broker.highWatermarks(partitions),
      }),
    }),
  },

  'T1: the ends are looked at before the deadline': {
    ports: (ports) => ({
      ...ports,
      clock: { ...ports.clock, now: () => ports.clock.now() + 1_500 },
    }),
  },

  'the views write wherever they stand': {
    // A write must be overtaken on its way.
    faults: { lateDatabaseRequest: 0.2 },
    database: (faults) => new BlindDatabase(faults),
  },

  'the gateway forgets which requests are answered': {
    ports: (ports) => ({
      ...ports,
      broker: overlaid(ports.broker, {
        committedOffsets: async (group, partitions) => {
          const offsets = await ports.broker.committedOffsets(group, partitions);
          if (group !== 'gateway') return offsets;
          return new Map([...offsets].map(([name, offset]) => [name, { ...offset, metadata: '' }]));
        },
      }),
    }),
  },

  'orders forgets the purchases it has taken': onEvents('PurchaseRequested'),
  'inventory forgets the receipts it has booked': onEvents('StockReceived'),
  'inventory forgets what it has reserved': onEvents('StockReleaseRequested'),
  'alerts forgets what it knew of an order': onEvents('OrderPaid', 'alerts'),

  'payments takes a refund that is under way for one that failed': hearing('payments', (event) =>
    event.type === 'PaymentStatusObserved'
      ? {
          ...event,
          refunds: event.refunds.map((refund) =>
            refund.stage === 'PENDING' ? { ...refund, stage: 'FAILED' } : refund,
          ),
        }
      : event,
  ),
  'payments takes the word REFUNDED for all of the money': hearing('payments', (event) =>
    event.type === 'PaymentStatusObserved' && event.status === 'REFUNDED'
      ? { ...event, refunds: [], refundedAmount: event.amount ?? 0 }
      : event,
  ),
  'alerts takes a part of a refund for all of it': hearing('alerts', (event) =>
    event.type === 'PaymentRefunded' ? { ...event, amount: A_FORTUNE_YEN } : event,
  ),
  'payments passes over a webhook that nobody can read': hearing('payments', (event) =>
    event.type === 'WebhookSetAside' ? undefined : event,
  ),
};

/** More than any order of a run costs. */
const A_FORTUNE_YEN = 1_000_000;

function onProducers(change: (commit: Commit) => Commit): Alteration {
  return {
    ports: (ports) => ({
      ...ports,
      broker: overlaid(ports.broker, {
        openProducer: async (transactionalId) => {
          const producer = await ports.broker.openProducer(transactionalId);
          const commit = change((transaction) => producer.commit(transaction));
          return { commit, close: () => producer.close() };
        },
      }),
    }),
  };
}

function onReaders(change: (reader: RecordReader) => RecordReader['poll']): Alteration {
  return {
    ports: (ports) => ({
      ...ports,
      broker: overlaid(ports.broker, {
        openReader: () => {
          const reader = ports.broker.openReader();
          const inner = { poll: reader.poll.bind(reader) } as RecordReader;
          return Object.assign(reader, { poll: change(inner) });
        },
      }),
    }),
  };
}

function onStores(change: (store: Store) => Partial<Store>): Alteration {
  return {
    ports: (ports) => ({
      ...ports,
      stores: {
        ...ports.stores,
        open: async (partition) => {
          const store = await ports.stores.open(partition);
          return { ...store, ...change(store) };
        },
      },
    }),
  };
}

/** The app hears something else than what stands in the log, or nothing. */
function hearing(name: string, change: (event: AnyEvent) => AnyEvent | undefined): Alteration {
  return {
    app: (app: StreamApp): StreamApp => ({
      ...app,
      handle: (event, context) => {
        const heard = app.name === name ? change(event) : event;
        if (heard !== undefined) app.handle(heard, context);
      },
    }),
  };
}

/** The app finds no state when it handles an event of this type. */
function onEvents(type: EventType, only?: string): Alteration {
  return {
    app: (app: StreamApp): StreamApp => ({
      ...app,
      handle: (event, context) => {
        const forgets = event.type === type && (only === undefined || only === app.name);
        app.handle(event, forgets ? forgetful(context) : context);
      },
    }),
  };
}

function forgetful(context: HandlerContext<EventType>): HandlerContext<EventType> {
  return Object.assign(Object.create(context) as HandlerContext<EventType>, {
    get: () => undefined,
  });
}

function withHastyOffsets(broker: Broker, cluster: MemoryCluster): Broker {
  return overlaid(broker, {
    committedOffsets: (group, partitions) =>
      Promise.resolve(cluster.committedOffsets(group, partitions)),
  });
}

function withMembersThatLoseNothing(broker: Broker): Broker {
  return overlaid(broker, {
    join: ({ listener, ...group }) =>
      broker.join({
        ...group,
        listener: {
          assigned: (assignment) => listener.assigned(assignment),
          revoked: () => listener.revoked(),
          lost: () => undefined,
          failed: (error) => listener.failed(error),
        },
      }),
  });
}

function withStubbornProducers(broker: Broker): Broker {
  return overlaid(broker, {
    openProducer: async (transactionalId) => {
      let producer = await broker.openProducer(transactionalId);
      return {
        commit: async (transaction: Transaction) => {
          try {
            await producer.commit(transaction);
          } catch (error) {
            if (!(error instanceof RuntimeError && error.code === 'UNKNOWN_OUTCOME')) throw error;
            producer = await broker.openProducer(transactionalId);
            await producer.commit(transaction);
          }
        },
        close: () => producer.close(),
      };
    },
  });
}

/** The commit is put off until the store has its batch, which tells of it already. */
function writingFirst(ports: Ports, cluster: MemoryCluster): Ports {
  const putOff = new Map<string, () => Promise<void>>();
  const taskOf = (transactionalId: string) => transactionalId.replace(/^.*-/, '');
  const broker = overlaid(ports.broker, {
    openProducer: async (transactionalId) => {
      const producer = await ports.broker.openProducer(transactionalId);
      return {
        commit: (transaction: Transaction) => {
          const ends = new Map<string, number>();
          const guessed = transaction.records.map((record) => {
            const offset = ends.get(partitionName(record)) ?? cluster.log(record).end;
            ends.set(partitionName(record), offset + 1);
            return offset;
          });
          transaction.offsets(guessed);
          putOff.set(taskOf(transactionalId), () => producer.commit(transaction));
          return Promise.resolve();
        },
        close: () => producer.close(),
      };
    },
  });
  const open = async (partition: number): Promise<Store> => {
    const store = await ports.stores.open(partition);
    return {
      ...store,
      write: async (batch) => {
        await store.write(batch);
        const commit = putOff.get(String(partition));
        putOff.delete(String(partition));
        await commit?.();
      },
    };
  };
  // The gateway has no store whose write would follow.
  return ports.memberIdFile.startsWith('gateway')
    ? ports
    : { ...ports, broker, stores: { ...ports.stores, open } };
}

function rememberingOffsets(broker: Broker, seen: Map<string, CommittedOffset>): Broker {
  return overlaid(broker, {
    committedOffsets: async (group, partitions) => {
      const offsets = await broker.committedOffsets(group, partitions);
      for (const place of partitions) {
        const offset = offsets.get(partitionName(place));
        if (offset?.metadata.includes('"seq"')) seen.set(String(place.partition), offset);
      }
      return offsets;
    },
  });
}

function withBelievedCheckpoints(stores: Stores, seen: Map<string, CommittedOffset>): Stores {
  return {
    ...stores,
    open: async (partition) => {
      const store = await stores.open(partition);
      return {
        ...store,
        checkpoint: async () => {
          const found = await store.checkpoint();
          const committed = seen.get(String(partition));
          if (found === undefined || committed === undefined) return found;
          return { ...found, seq: decodeCommitMetadata(committed.metadata).seq };
        },
      };
    },
  };
}

function withoutTimerOnlyCommits(broker: Broker): Broker {
  const last = new Map<string, number>();
  return overlaid(broker, {
    committedOffsets: async (group, partitions) => {
      const offsets = await broker.committedOffsets(group, partitions);
      for (const [name, { offset }] of offsets) last.set(name, offset);
      return offsets;
    },
    openProducer: async (transactionalId) => {
      const producer = await broker.openProducer(transactionalId);
      return {
        commit: (transaction: Transaction) =>
          producer.commit({
            ...transaction,
            offsets: (written) => {
              const offsets = transaction.offsets(written);
              const moved = offsets.some((each) => last.get(partitionName(each)) !== each.offset);
              for (const each of offsets) last.set(partitionName(each), each.offset);
              return moved ? offsets : [];
            },
          }),
        close: () => producer.close(),
      };
    },
  });
}

class BlindDatabase extends MemoryViewDatabase {
  protected override standsAt(): boolean {
    return true;
  }
}
