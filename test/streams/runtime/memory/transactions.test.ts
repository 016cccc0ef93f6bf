import type { NewRecord, OffsetToCommit } from '../../../../streams/runtime/broker';
import { ManualClock } from '../../../../platform/manual-clock';
import { KAFKA_LIMITS } from '../../../../streams/runtime/limits';
import { MemoryCluster } from '../../../../streams/runtime/memory/memory-cluster';
import {
  ConcurrentTransactions,
  StaleEpoch,
} from '../../../../streams/runtime/memory/transactions';

const START = 1_000_000;
const place = { topic: 'results', partition: 0 };
const offset: OffsetToCommit = { ...place, offset: 5, metadata: 'seq 1' };

function record(key: string): NewRecord {
  return { ...place, key, value: Buffer.from(key) };
}

/** A cluster whose markers are written when the test says so. */
function openCluster() {
  const clock = new ManualClock(START);
  const markers: (() => void)[] = [];
  const cluster = new MemoryCluster({
    clock,
    autoCreatePartitions: 1,
    scheduleMarker: (write) => markers.push(write),
  });
  const writeMarkers = () => {
    for (const write of markers.splice(0)) write();
  };
  const keys = () => cluster.committedRecords(place).map(({ key }) => key?.toString());
  const committed = () => cluster.committedOffsets('group', [place]).get('results-0')?.offset;
  return { clock, cluster, transactions: cluster.transactions, writeMarkers, keys, committed };
}

test('what a transaction wrote is seen with its marker, and its offsets with theirs', () => {
  const { transactions, writeMarkers, keys, committed } = openCluster();
  const producer = transactions.init('task-0');
  transactions.write(producer, [record('a')]);
  transactions.addOffsets(producer, { group: 'group' }, [offset]);
  transactions.end(producer, 'committed');
  expect([keys(), committed()]).toEqual([[], undefined]);
  writeMarkers();
  expect([keys(), committed()]).toEqual([['a'], 5]);
});

test('while the markers are under way the coordinator asks for patience', () => {
  const { transactions, writeMarkers } = openCluster();
  const producer = transactions.init('task-0');
  transactions.write(producer, [record('a')]);
  transactions.end(producer, 'committed');
  expect(() => transactions.write(producer, [record('b')])).toThrow(ConcurrentTransactions);
  expect(() => transactions.init('task-0')).toThrow(ConcurrentTransactions);
  writeMarkers();
  expect(transactions.write(producer, [record('b')])).toEqual([2]);
});

test('a new producer aborts what the one before left open, and its late write is refused', () => {
  const { transactions, writeMarkers, keys, committed } = openCluster();
  const zombie = transactions.init('task-0');
  transactions.write(zombie, [record('zombie')]);
  transactions.addOffsets(zombie, { group: 'group' }, [offset]);
  expect(() => transactions.init('task-0')).toThrow(ConcurrentTransactions);
  writeMarkers();
  const heir = transactions.init('task-0');
  expect(() => transactions.write(zombie, [record('late')])).toThrow(StaleEpoch);
  expect(() => transactions.end(zombie, 'committed')).toThrow(StaleEpoch);
  transactions.write(heir, [record('heir')]);
  transactions.end(heir, 'committed');
  writeMarkers();
  expect([keys(), committed()]).toEqual([['heir'], undefined]);
});

test('a transaction that is open for too long is aborted and its producer fenced', () => {
  const { clock, cluster, transactions, writeMarkers, keys } = openCluster();
  const producer = transactions.init('task-0');
  transactions.write(producer, [record('a')]);
  clock.moveTo(START + KAFKA_LIMITS.transactionTimeoutMs);
  cluster.expire();
  writeMarkers();
  expect(() => transactions.end(producer, 'committed')).toThrow(StaleEpoch);
  expect(keys()).toEqual([]);
  expect(cluster.log(place).lastStableOffset).toBe(cluster.log(place).end);
});

test('markers of one transaction come to partitions one by one', () => {
  const clock = new ManualClock(START);
  const markers: (() => void)[] = [];
  const cluster = new MemoryCluster({
    clock,
    autoCreatePartitions: 2,
    scheduleMarker: (write) => markers.push(write),
  });
  const producer = cluster.transactions.init('task-0');
  cluster.transactions.write(producer, [record('a'), { ...record('b'), partition: 1 }]);
  cluster.transactions.end(producer, 'committed');
  markers[1]?.();
  const seen = [0, 1].map((partition) => cluster.committedRecords({ ...place, partition }).length);
  expect(seen).toEqual([0, 1]);
});
