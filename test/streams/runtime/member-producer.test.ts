import { systemClock } from '../../../platform/clock';
import { ManualClock } from '../../../platform/manual-clock';
import type { Broker, NewRecord, TransactionalProducer } from '../../../streams/runtime/broker';
import { TASK_LIMITS } from '../../../streams/runtime/limits';
import { MemberProducer } from '../../../streams/runtime/member-producer';
import { MemoryCluster } from '../../../streams/runtime/memory/memory-cluster';
import { MemoryConnection } from '../../../streams/runtime/memory/memory-connection';

const GROUP = 'orders';

type Transaction = Parameters<TransactionalProducer['commit']>[0];

let cluster: MemoryCluster;
let broker: MemoryConnection;
let transactions: Transaction[];
/** What the next transactions fail with, after they were tried. */
let failures: Error[];

beforeEach(() => {
  const clock = new ManualClock(0);
  cluster = new MemoryCluster({ clock, autoCreatePartitions: 1 });
  broker = new MemoryConnection({ cluster, clock, pollsWait: false });
  transactions = [];
  failures = [];
});

/** The cluster, with what goes through its producers written down. */
function watched(): Broker {
  const openProducer: Broker['openProducer'] = async (transactionalId) => {
    const producer = await broker.openProducer(transactionalId);
    const commit = async (transaction: Transaction) => {
      transactions.push(transaction);
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      await producer.commit(ofNobody(transaction));
    };
    return { commit, close: () => producer.close() };
  };
  return Object.create(broker, { openProducer: { value: openProducer } }) as Broker;
}

/** The group of this test has no members. */
function ofNobody({ member: _, ...transaction }: Transaction): Transaction {
  return transaction;
}

function producerOf(memberId: string): MemberProducer {
  const producer = new MemberProducer(watched(), GROUP, systemClock);
  producer.enter({ memberId, generation: 1 });
  return producer;
}

function part(partition: number, value = Buffer.alloc(1)) {
  const record: NewRecord = { topic: 'results', partition: 0, key: String(partition), value };
  const written: number[][] = [];
  const transaction: Transaction = {
    records: [record, record],
    group: GROUP,
    offsets: (places) => {
      written.push([...places]);
      return [{ topic: 'requests', partition, offset: 1, metadata: '' }];
    },
  };
  return { transaction, written };
}

const keys = () =>
  cluster.committedRecords({ topic: 'results', partition: 0 }).map(({ key }) => key?.toString());

test('what tasks commit while a transaction is under way is one transaction', async () => {
  const member = producerOf('a');
  const tasks = [await member.open(), await member.open(), await member.open()];
  const parts = tasks.map((task, partition) => ({ task, ...part(partition) }));
  await Promise.all(parts.map(({ task, transaction }) => task.commit(transaction)));
  expect(transactions.map(({ records }) => records.length)).toEqual([2, 4]);
  expect(keys()).toEqual(['0', '0', '1', '1', '2', '2']);
  // Each is told where its own records went (S1); a marker stands between the transactions.
  expect(parts.map(({ written }) => written)).toEqual([[[0, 1]], [[3, 4]], [[5, 6]]]);
});

test('tasks that come back at once are in the next transaction', async () => {
  const task = await producerOf('a').open();
  const [first, second] = [part(0), part(1)];
  const commits = [task.commit(first.transaction).then(() => task.commit(part(2).transaction))];
  commits.push(task.commit(second.transaction));
  await Promise.all(commits);
  expect(transactions.map(({ records }) => records.length)).toEqual([2, 4]);
});

test('tasks that write much are committed one after the other', async () => {
  const member = producerOf('a');
  const task = await member.open();
  const much = Buffer.alloc(TASK_LIMITS.transactionBytesMax / 4);
  const commits = [0, 1, 2, 3, 4].map((each) => task.commit(part(each, much).transaction));
  await Promise.all(commits);
  expect(transactions.map(({ records }) => records.length)).toEqual([2, 4, 4]);
});

test('E3: a failure is of all that were in it, and the next begins with a new producer', async () => {
  const member = producerOf('a');
  const task = await member.open();
  const first = task.commit(part(0).transaction);
  failures.push(new Error('lost'));
  await expect(first).rejects.toThrow('lost');
  await (await member.open()).commit(part(1).transaction);
  expect(keys()).toEqual(['1', '1']);
});

test('E3: tasks that waited behind a failure are committed', async () => {
  const member = producerOf('a');
  const task = await member.open();
  failures.push(new Error('lost'));
  const [first, second] = [task.commit(part(0).transaction), task.commit(part(1).transaction)];
  await expect(first).rejects.toThrow('lost');
  await second;
  expect(keys()).toEqual(['1', '1']);
});

test('offsets are those of the generation that the member is in', async () => {
  const member = producerOf('a');
  const task = await member.open();
  await task.commit(part(0).transaction);
  member.enter({ memberId: 'a', generation: 7 });
  await task.commit(part(0).transaction);
  expect(transactions.map((each) => each.member)).toEqual([
    { memberId: 'a', generation: 1 },
    { memberId: 'a', generation: 7 },
  ]);
});

test('E2: a transaction that was left open by a member that is gone is ended, and no other', async () => {
  const { transactions: coordinator } = cluster;
  const claims = { generation: 0, held: [], sticky: [] };
  const request = { topics: [], claims, sessionTimeoutMs: 1_000, rebalanceTimeoutMs: 1_000 };
  cluster.group(GROUP).join('alive', request, 0);
  const { records } = part(0).transaction;
  for (const id of ['orders/gone', 'orders/alive', 'payments/gone']) {
    coordinator.write(coordinator.init(id), records);
  }
  await producerOf('a').open();
  expect(coordinator.openIds).toEqual(['orders/alive', 'payments/gone']);
});
