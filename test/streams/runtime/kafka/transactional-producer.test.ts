/** E1 and E3: what each failure of a commit means, told by a broker that fails at will. */
import type { TransactionalProducer } from '../../../../streams/runtime/broker';
import { Cluster } from '../../../../streams/runtime/kafka/cluster';
import { openTransactionalProducer } from '../../../../streams/runtime/kafka/transactional-producer';
import { KAFKA_LIMITS } from '../../../../streams/runtime/limits';
import { hurriedClock } from './hurried-clock';
import { waitFor } from './kafka-fixture';
import { ScriptedBroker } from './scripted-broker';

const CONCURRENT_TRANSACTIONS = 51;
const INVALID_TXN_STATE = 48;
const MESSAGE_TOO_LARGE = 10;
const NOT_COORDINATOR = 16;
const PRODUCER_FENCED = 90;

describe('a transactional producer', () => {
  let broker: ScriptedBroker;
  let cluster: Cluster;
  let clock: ReturnType<typeof hurriedClock>;
  let producer: TransactionalProducer;

  beforeEach(async () => {
    broker = await new ScriptedBroker().listen();
    clock = hurriedClock();
    cluster = new Cluster({ brokers: [broker.address], clientId: 'test', clock });
    producer = await openTransactionalProducer(cluster, 'orders-0');
    broker.takeRequests();
  });

  afterEach(async () => {
    await producer.close();
    cluster.close();
    await broker.close();
  });

  const commit = () =>
    producer.commit({
      records: [{ topic: 'orders', partition: 0, key: 'k', value: Buffer.from('v') }],
      group: 'orders',
      offsets: () => [{ topic: 'orders', partition: 0, offset: 1, metadata: '' }],
    });

  it('E1: writes the records, then the offsets, then ends the transaction', async () => {
    await commit();
    const asked = broker.takeRequests();
    expect(asked[0]).toBe('AddPartitionsToTxn');
    expect(asked.slice(1, 3).sort()).toEqual(['AddOffsetsToTxn', 'Produce orders-0#0']);
    expect(asked.slice(3)).toEqual(['TxnOffsetCommit', 'EndTxn commit']);
  });

  it('numbers the records of a partition through all its transactions', async () => {
    await commit();
    await commit();
    const produced = broker.takeRequests().filter((one) => one.startsWith('Produce'));
    expect(produced).toEqual(['Produce orders-0#0', 'Produce orders-0#1']);
  });

  it('asks again where the coordinator says that it was too early or the wrong one', async () => {
    broker.next('AddPartitionsToTxn', { refused: CONCURRENT_TRANSACTIONS });
    broker.next('EndTxn', { refused: NOT_COORDINATOR });
    await commit();
    expect(broker.takeRequests().filter((one) => one === 'EndTxn commit')).toHaveLength(2);
  });

  it('E3: does not know the outcome when the commit is not answered, and drops its sockets', async () => {
    broker.next('EndTxn', 'lost');
    await expect(commit()).rejects.toMatchObject({ code: 'UNKNOWN_OUTCOME' });
    cluster.close();
    await waitFor('every socket to close', () => broker.connections === 0);
  });

  it('E3: knows that nothing was written once the abort after a failed write is confirmed', async () => {
    broker.next('Produce', 'lost');
    await expect(commit()).rejects.toMatchObject({ code: 'ABORTED' });
    const asked = broker.takeRequests();
    expect(asked.at(-1)).toBe('EndTxn abort');
    expect(asked.filter((one) => one.startsWith('Produce'))).toHaveLength(1);
  });

  it('looks for the leader anew after a write without an answer: another broker may lead by now', async () => {
    await commit();
    broker.next('Produce', 'dropped');
    await expect(commit()).rejects.toMatchObject({ code: 'ABORTED' });
    producer = await openTransactionalProducer(cluster, 'orders-0');
    broker.requests.splice(0);
    await commit();
    expect(broker.requests).toContain('Metadata');
    // Known again: it is not asked for at every commit.
    broker.requests.splice(0);
    await commit();
    expect(broker.requests).not.toContain('Metadata');
  });

  it('E3: does not know the outcome when the abort cannot be confirmed', async () => {
    broker.next('TxnOffsetCommit', 'dropped');
    broker.from('EndTxn', 'dropped');
    await expect(commit()).rejects.toMatchObject({ code: 'UNKNOWN_OUTCOME' });
  });

  it('is fenced when the coordinator says so at any step', async () => {
    broker.next('EndTxn', { refused: PRODUCER_FENCED });
    await expect(commit()).rejects.toMatchObject({ code: 'FENCED' });
    expect(broker.takeRequests()).not.toContain('EndTxn abort');
  });

  it('is aborted, not fenced, when its own transaction ran over the timeout', async () => {
    broker.next('TxnOffsetCommit', { refused: PRODUCER_FENCED });
    const { transactionTimeoutMs } = KAFKA_LIMITS;
    await expect(
      producer.commit({
        records: [],
        group: 'orders',
        offsets: () => {
          clock.advance(transactionTimeoutMs);
          return [{ topic: 'orders', partition: 0, offset: 1, metadata: '' }];
        },
      }),
    ).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('knows that nothing was written when the commit is refused', async () => {
    broker.next('EndTxn', { refused: INVALID_TXN_STATE });
    await expect(commit()).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('says that a record cannot be written, instead of having it tried for ever', async () => {
    broker.next('Produce', { refused: MESSAGE_TOO_LARGE });
    await expect(commit()).rejects.toMatchObject({ code: 'RECORD_TOO_LARGE', recovery: 'die' });
    expect(broker.takeRequests().at(-1)).toBe('EndTxn abort');
  });

  it('E2: asks for its fence until the coordinator grants it', async () => {
    broker.next('InitProducerId', { refused: CONCURRENT_TRANSACTIONS }, 'lost');
    const heir = await openTransactionalProducer(cluster, 'orders-0');
    expect(broker.takeRequests()).toEqual(['InitProducerId', 'InitProducerId', 'InitProducerId']);
    await heir.close();
  });

  it('gives up opening when no broker answers for long', async () => {
    broker.from('InitProducerId', 'dropped');
    await expect(openTransactionalProducer(cluster, 'orders-0')).rejects.toMatchObject({
      code: 'BROKER_UNREACHABLE',
    });
  });
});
