/**
 * What every `Broker` must do, whatever it is made of. Each implementation runs this suite:
 * `describeBroker('name', openFixture)`. The fixture brings what the port has no word for: topics,
 * transactions that are left open, members that are killed.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type {
  Assignment,
  Broker,
  FetchedPartition,
  GroupMemberId,
  GroupOptions,
  LogRecord,
  NewRecord,
  RecordReader,
  TopicPartition,
} from '../../../streams/runtime/broker';
import { partitionName } from '../../../streams/runtime/broker';

/** A transaction that was begun, has written its records, and waits. */
export interface OpenTransaction {
  commit(): Promise<void>;
  abort(): Promise<void>;
}

export interface BrokerFixture {
  readonly broker: Broker;
  /** Another process: nothing is shared with `broker` but the cluster. */
  connect(): Promise<Broker>;
  /** Creates a topic of a name not used before, with log-append time. */
  createTopic(partitions: number): Promise<string>;
  /** A name not used before, for a group or a transactional id. */
  freshName(what: string): string;
  /** Writes records outside of any transaction; resolves with their offsets. */
  append(records: readonly NewRecord[]): Promise<readonly number[]>;
  openTransaction(records: readonly NewRecord[]): Promise<OpenTransaction>;
  /** Makes everything below `offset` unreadable. */
  deleteBefore(partition: TopicPartition, offset: number): Promise<void>;
  /** Lets time pass until the condition holds; rejects with `what` when it does not. */
  waitFor(what: string, condition: () => boolean | Promise<boolean>): Promise<void>;
  close(): Promise<void>;
}

const SESSION_TIMEOUT_MS = 10_000;
const POLL_MS = 2_000;

export function describeBroker(name: string, openFixture: () => Promise<BrokerFixture>): void {
  describe(`the Broker contract, kept by ${name}`, () => {
    let fixture: BrokerFixture;

    beforeAll(async () => {
      fixture = await openFixture();
    });

    afterAll(async () => {
      await fixture.close();
    });

    describeTopics(() => fixture);
    describeReading(() => fixture);
    describeTransactions(() => fixture);
    describeIsolation(() => fixture);
    describeMembership(() => fixture);
  });
}

type Fixture = () => BrokerFixture;

function record(topic: string, value: string | null, options: Partial<NewRecord> = {}): NewRecord {
  const bytes = value === null ? null : Buffer.from(value);
  return { topic, partition: 0, key: `key of ${value ?? 'null'}`, value: bytes, ...options };
}

function values(records: readonly LogRecord[]): readonly (string | null)[] {
  return records.map(({ value }) => value?.toString() ?? null);
}

/** Polls until the partition's position reaches `offset`; returns what came on the way. */
async function readTo(
  reader: RecordReader,
  partition: TopicPartition,
  offset: number,
): Promise<readonly LogRecord[]> {
  const records: LogRecord[] = [];
  for (let position = -1; position < offset;) {
    const fetched = await reader.poll(POLL_MS);
    if (fetched.length === 0) throw new Error(`Nothing more after offset ${position}`);
    for (const one of fetched.filter((each) => partitionName(each) === partitionName(partition))) {
      position = one.nextOffset;
      records.push(...one.records);
    }
  }
  return records;
}

async function endOf(broker: Broker, partition: TopicPartition): Promise<number> {
  return (await broker.highWatermarks([partition])).get(partitionName(partition)) ?? -1;
}

function describeTopics(fixture: Fixture): void {
  describe('topics', () => {
    it('gives the partition count of each topic', async () => {
      const [two, three] = [await fixture().createTopic(2), await fixture().createTopic(3)];
      const counts = await fixture().broker.partitionCounts([two, three]);
      expect([counts.get(two), counts.get(three)]).toEqual([2, 3]);
    });

    it('names a topic that does not exist', async () => {
      const missing = fixture().freshName('missing');
      await expect(fixture().broker.partitionCounts([missing])).rejects.toMatchObject({
        code: 'UNKNOWN_TOPIC',
      });
    });

    it('gives two connections the same cluster id', async () => {
      const other = await fixture().connect();
      expect(await other.clusterId()).toBe(await fixture().broker.clusterId());
      await other.close();
    });

    it('gives the first offset that can still be read', async () => {
      const topic = await fixture().createTopic(1);
      const partition = { topic, partition: 0 };
      await fixture().append([record(topic, 'a'), record(topic, 'b'), record(topic, 'c')]);
      expect(await fixture().broker.logStarts([partition])).toEqual(new Map([[`${topic}-0`, 0]]));
      await fixture().deleteBefore(partition, 2);
      expect(await fixture().broker.logStarts([partition])).toEqual(new Map([[`${topic}-0`, 2]]));
    });
  });
}

function describeReading(fixture: Fixture): void {
  describe('a reader', () => {
    let topic: string;
    let reader: RecordReader;

    beforeEach(async () => {
      topic = await fixture().createTopic(2);
      reader = fixture().broker.openReader();
    });

    afterEach(async () => {
      await reader.close();
    });

    it('brings records as they were written, in offset order, from the offset asked for', async () => {
      const headers = { reason: 'why' };
      await fixture().append([
        record(topic, 'before'),
        record(topic, 'first', { headers }),
        record(topic, null),
      ]);
      reader.assign({ topic, partition: 0 }, 1);
      const [first, second, ...rest] = await readTo(reader, { topic, partition: 0 }, 3);
      expect(rest).toEqual([]);
      expect(first).toMatchObject({
        topic,
        partition: 0,
        offset: 1,
        key: Buffer.from('key of first'),
      });
      expect(first?.value).toEqual(Buffer.from('first'));
      expect(first?.headers).toEqual({ reason: Buffer.from('why') });
      expect(second).toMatchObject({ offset: 2, value: null, headers: {} });
    });

    it('gives records the log-append time, monotone in a partition', async () => {
      await fixture().append([record(topic, 'a')]);
      await fixture().append([record(topic, 'b')]);
      reader.assign({ topic, partition: 0 }, 0);
      const records = await readTo(reader, { topic, partition: 0 }, 2);
      const [a, b] = records.map(({ timestamp }) => timestamp);
      expect(a).toBeGreaterThan(0);
      expect(b).toBeGreaterThanOrEqual(a ?? Infinity);
    });

    it('brings what is written while it waits', async () => {
      reader.assign({ topic, partition: 1 }, 0);
      const polled = reader.poll(POLL_MS);
      await fixture().append([record(topic, 'late', { partition: 1 })]);
      expect((await polled).map(({ records }) => values(records))).toEqual([['late']]);
    });

    it('returns nothing when nothing came in time', async () => {
      reader.assign({ topic, partition: 0 }, 0);
      expect(await reader.poll(20)).toEqual([]);
    });

    it('leaves out a paused partition and goes on where it stood once resumed', async () => {
      await fixture().append([record(topic, 'paused'), record(topic, 'other', { partition: 1 })]);
      reader.assign({ topic, partition: 0 }, 0);
      reader.assign({ topic, partition: 1 }, 0);
      reader.pause({ topic, partition: 0 });
      expect(values(await readTo(reader, { topic, partition: 1 }, 1))).toEqual(['other']);
      expect(await reader.poll(20)).toEqual([]);
      reader.resume({ topic, partition: 0 });
      expect(values(await readTo(reader, { topic, partition: 0 }, 1))).toEqual(['paused']);
    });

    it('leaves out what an outstanding poll would bring for a partition paused or removed', async () => {
      reader.assign({ topic, partition: 0 }, 0);
      reader.assign({ topic, partition: 1 }, 0);
      expect(await reader.poll(20)).toEqual([]);
      reader.pause({ topic, partition: 0 });
      reader.unassign({ topic, partition: 1 });
      await fixture().append([record(topic, 'a'), record(topic, 'b', { partition: 1 })]);
      expect(await reader.poll(100)).toEqual([]);
    });

    it('moves to the offset of a second assign', async () => {
      await fixture().append([record(topic, 'a'), record(topic, 'b'), record(topic, 'c')]);
      reader.assign({ topic, partition: 0 }, 2);
      expect(values(await readTo(reader, { topic, partition: 0 }, 3))).toEqual(['c']);
      reader.assign({ topic, partition: 0 }, 1);
      expect(values(await readTo(reader, { topic, partition: 0 }, 3))).toEqual(['b', 'c']);
    });

    it('ends an outstanding poll on wake, and loses nothing by it', async () => {
      reader.assign({ topic, partition: 0 }, 0);
      const polled = reader.poll(60_000);
      reader.wake();
      expect(await polled).toEqual([]);
      await fixture().append([record(topic, 'after')]);
      expect(values(await readTo(reader, { topic, partition: 0 }, 1))).toEqual(['after']);
    });

    it('returns at once from a poll that follows a wake', async () => {
      reader.assign({ topic, partition: 0 }, 0);
      reader.wake();
      expect(await reader.poll(60_000)).toEqual([]);
    });

    it('rejects for an offset past the end, and reads on after a correct assign', async () => {
      await fixture().append([record(topic, 'a')]);
      reader.assign({ topic, partition: 0 }, 1_000);
      await expect(reader.poll(POLL_MS)).rejects.toMatchObject({ code: 'OFFSET_OUT_OF_RANGE' });
      reader.assign({ topic, partition: 0 }, 0);
      expect(values(await readTo(reader, { topic, partition: 0 }, 1))).toEqual(['a']);
    });

    it('rejects for an offset that was deleted, instead of skipping ahead', async () => {
      await fixture().append([record(topic, 'a'), record(topic, 'b')]);
      await fixture().deleteBefore({ topic, partition: 0 }, 1);
      reader.assign({ topic, partition: 0 }, 0);
      await expect(reader.poll(POLL_MS)).rejects.toMatchObject({ code: 'OFFSET_OUT_OF_RANGE' });
    });
  });
}

function describeTransactions(fixture: Fixture): void {
  describe('a transactional producer', () => {
    let topic: string;
    let group: string;
    let transactionalId: string;

    beforeEach(async () => {
      topic = await fixture().createTopic(2);
      group = fixture().freshName('group');
      transactionalId = fixture().freshName('transactional-id');
    });

    const committed = async () =>
      (await fixture().broker.committedOffsets(group, [{ topic, partition: 0 }])).get(`${topic}-0`);

    it('has no committed offset before the first commit', async () => {
      expect(await committed()).toBeUndefined();
    });

    it('E1: commits records and offsets together, with metadata made of where the records went', async () => {
      const { broker } = fixture();
      const producer = await broker.openProducer(transactionalId);
      const records = ['a', 'b', 'c'].map((value, index) =>
        record(topic, value, { partition: index % 2 }),
      );
      await producer.commit({
        records,
        group,
        offsets: (written) => [
          { topic, partition: 0, offset: 7, metadata: JSON.stringify({ written }) },
        ],
      });
      expect(await committed()).toEqual({ offset: 7, metadata: '{"written":[0,0,1]}' });
      const reader = broker.openReader();
      reader.assign({ topic, partition: 0 }, 0);
      const read = await readTo(reader, { topic, partition: 0 }, 2);
      expect(read.map(({ offset }) => offset)).toEqual([0, 1]);
      expect(values(read)).toEqual(['a', 'c']);
      await reader.close();
      await producer.close();
    });

    it('S1: replaces the metadata at an unchanged offset by a commit without records', async () => {
      const producer = await fixture().broker.openProducer(transactionalId);
      for (const metadata of ['seq 1', 'seq 2']) {
        const offsets = () => [{ topic, partition: 0, offset: 3, metadata }];
        await producer.commit({ records: [], group, offsets });
      }
      expect(await committed()).toEqual({ offset: 3, metadata: 'seq 2' });
      await producer.close();
    });

    it('keeps the order of many records over many partitions', async () => {
      const { broker } = fixture();
      const producer = await broker.openProducer(transactionalId);
      const many = Array.from({ length: 5_000 }, (_, index) =>
        record(topic, `${index} ${'x'.repeat(500)}`, { partition: index % 2 }),
      );
      let offsets: readonly number[] = [];
      await producer.commit({
        records: many,
        group,
        offsets: (written) => {
          offsets = written;
          return [];
        },
      });
      expect(offsets).toEqual(many.map((_, index) => Math.floor(index / 2)));
      const reader = broker.openReader();
      reader.assign({ topic, partition: 1 }, 0);
      const read = await readTo(reader, { topic, partition: 1 }, 2_501);
      expect(values(read)).toEqual(
        many.filter(({ partition }) => partition === 1).map(({ value }) => value?.toString()),
      );
      await reader.close();
      await producer.close();
    });

    it('E2: is fenced by a later one of its id, and writes nothing more', async () => {
      const { broker } = fixture();
      const zombie = await broker.openProducer(transactionalId);
      const heir = await (await fixture().connect()).openProducer(transactionalId);
      const offsets = (metadata: string) => () => [{ topic, partition: 0, offset: 1, metadata }];
      await expect(
        zombie.commit({ records: [record(topic, 'zombie')], group, offsets: offsets('zombie') }),
      ).rejects.toMatchObject({ code: 'FENCED' });
      expect(await committed()).toBeUndefined();
      await heir.commit({ records: [record(topic, 'heir')], group, offsets: offsets('heir') });
      expect(await committed()).toEqual({ offset: 1, metadata: 'heir' });
      const reader = broker.openReader();
      reader.assign({ topic, partition: 0 }, 0);
      const end = await endOf(broker, { topic, partition: 0 });
      expect(values(await readTo(reader, { topic, partition: 0 }, end))).toEqual(['heir']);
      await Promise.all([reader.close(), zombie.close(), heir.close()]);
    });

    it('E3: is of no more use after a rejection', async () => {
      const { broker } = fixture();
      const producer = await broker.openProducer(transactionalId);
      const heir = await broker.openProducer(transactionalId);
      const transaction = { records: [record(topic, 'a')], group, offsets: () => [] };
      await expect(producer.commit(transaction)).rejects.toMatchObject({ code: 'FENCED' });
      await expect(producer.commit(transaction)).rejects.toMatchObject({ code: 'PROTOCOL' });
      await Promise.all([producer.close(), heir.close()]);
    });

    it('is told of while its transaction is open', async () => {
      const { broker } = fixture();
      const producer = await broker.openProducer(transactionalId);
      const open = () => broker.openTransactions(transactionalId);
      let underWay: Promise<readonly string[]> = Promise.resolve([]);
      expect(await open()).toEqual([]);
      await producer.commit({
        records: [record(topic, 'a')],
        group,
        offsets: () => {
          underWay = open();
          return [];
        },
      });
      // Asked while it was open; by the time of the answer it may have ended.
      expect([[], [transactionalId]]).toContainEqual(await underWay);
      expect(await broker.openTransactions(`${transactionalId}/none`)).toEqual([]);
      await producer.close();
    });

    it('refuses a second transaction while one is open', async () => {
      const producer = await fixture().broker.openProducer(transactionalId);
      const transaction = { records: [record(topic, 'a')], group, offsets: () => [] };
      const first = producer.commit(transaction);
      await expect(producer.commit(transaction)).rejects.toMatchObject({ code: 'PROTOCOL' });
      await first;
      await producer.close();
    });
  });
}

function describeIsolation(fixture: Fixture): void {
  describe('isolation', () => {
    let topic: string;
    let reader: RecordReader;

    beforeEach(async () => {
      topic = await fixture().createTopic(1);
      reader = fixture().broker.openReader();
    });

    afterEach(async () => {
      await reader.close();
    });

    const write = (value: string, key?: string) =>
      fixture().openTransaction([record(topic, value, key === undefined ? {} : { key })]);

    it('hides aborted records of transactions that interleave and end in the other order', async () => {
      const partition = { topic, partition: 0 };
      const first = await write('aborted, began first');
      const second = await write('aborted, began second');
      await fixture().append([record(topic, 'outside')]);
      await second.abort();
      const third = await write('committed');
      await first.abort();
      await third.commit();
      reader.assign(partition, 0);
      const end = await endOf(fixture().broker, partition);
      expect(values(await readTo(reader, partition, end))).toEqual(['outside', 'committed']);
    });

    it('hides aborted records behind one whose key looks like an abort marker', async () => {
      const partition = { topic, partition: 0 };
      const aborted = await fixture().openTransaction([
        record(topic, 'a', { key: '\0\0\0\0' }),
        record(topic, 'b'),
      ]);
      await aborted.abort();
      await fixture().append([record(topic, 'kept', { key: '\0\0\0\0' })]);
      reader.assign(partition, 0);
      const end = await endOf(fixture().broker, partition);
      expect(values(await readTo(reader, partition, end))).toEqual(['kept']);
    });

    it('T1: counts an open transaction in the end of the log, and shows it once it is committed', async () => {
      const partition = { topic, partition: 0 };
      await fixture().append([record(topic, 'before')]);
      const open = await write('held back');
      expect(await endOf(fixture().broker, partition)).toBe(2);
      const logEnds = await fixture().broker.logEnds([partition]);
      expect(logEnds.get(partitionName(partition))).toBe(2);
      reader.assign(partition, 0);
      const [fetched] = await reader.poll(POLL_MS);
      expect(values(fetched?.records ?? [])).toEqual(['before']);
      expect(fetched).toMatchObject({ nextOffset: 1, highWatermark: 2, lastStableOffset: 1 });
      expect(await reader.poll(20)).toEqual([]);
      await open.commit();
      expect(values(await readTo(reader, partition, 3))).toEqual(['held back']);
    });

    it('shows what was aborted and what is open to whoever reads what is not committed', async () => {
      const partition = { topic, partition: 0 };
      await (await write('aborted')).abort();
      const open = await write('open');
      await fixture().append([record(topic, 'outside')]);
      const end = await endOf(fixture().broker, partition);
      const all = fixture().broker.openReader('read_uncommitted');
      try {
        all.assign(partition, 0);
        const seen = values(await readTo(all, partition, end));
        expect(seen).toEqual(['aborted', 'open', 'outside']);
      } finally {
        await all.close();
      }
      await open.abort();
    });

    it('moves past a transaction of which nothing is left but its marker', async () => {
      const partition = { topic, partition: 0 };
      await (await write('aborted')).abort();
      reader.assign(partition, 0);
      const fetched = await reader.poll(POLL_MS);
      expect(fetched).toEqual([
        { ...partition, records: [], nextOffset: 2, highWatermark: 2, lastStableOffset: 2 },
      ] satisfies FetchedPartition[]);
    });
  });
}

/** A member whose listener writes down what it is told. */
function recordingMember(
  group: string,
  topics: readonly string[],
  options: Partial<GroupOptions> = {},
) {
  const calls: string[] = [];
  const state = {
    calls,
    assignment: { generation: 0, memberId: '', partitions: [] } as Assignment,
  };
  const listener = {
    assigned: (assignment: Assignment) => {
      state.assignment = assignment;
      calls.push('assigned');
      return Promise.resolve();
    },
    revoked: () => {
      calls.push('revoked');
      return Promise.resolve();
    },
    lost: () => {
      calls.push('lost');
    },
    failed: (error: Error) => {
      calls.push(`failed: ${error.message}`);
    },
  };
  const groupOptions: GroupOptions = {
    group,
    topics,
    stickyPartitions: () => [],
    sessionTimeoutMs: SESSION_TIMEOUT_MS,
    rebalanceTimeoutMs: SESSION_TIMEOUT_MS,
    listener,
    ...options,
  };
  return { state, options: groupOptions };
}

function unitsOf({ partitions }: Assignment, topic: string): readonly number[] {
  return partitions.filter((each) => each.topic === topic).map(({ partition }) => partition);
}

function describeMembership(fixture: Fixture): void {
  describe('a group', () => {
    let topics: readonly [string, string];
    let group: string;
    let folder: string;

    beforeEach(async () => {
      topics = [await fixture().createTopic(6), await fixture().createTopic(6)];
      group = fixture().freshName('group');
      folder = await mkdtemp(join(tmpdir(), 'member-id-'));
    });

    afterEach(async () => {
      await rm(folder, { recursive: true });
    });

    it('gives its only member everything', async () => {
      const { state, options } = recordingMember(group, topics);
      const member = await fixture().broker.join(options);
      await fixture().waitFor('an assignment', () => state.calls.includes('assigned'));
      for (const topic of topics) {
        expect(unitsOf(state.assignment, topic)).toEqual([0, 1, 2, 3, 4, 5]);
      }
      await member.leave();
      expect(state.calls).toEqual(['assigned', 'revoked']);
    });

    it('shares units evenly and co-partitioned, revoking before it assigns again', async () => {
      const [a, b] = [recordingMember(group, topics), recordingMember(group, topics)];
      const first = await fixture().broker.join(a.options);
      const second = await (await fixture().connect()).join(b.options);
      await fixture().waitFor(
        'both to be assigned in one generation',
        () =>
          a.state.assignment.generation === b.state.assignment.generation &&
          b.state.assignment.generation > 0,
      );
      const [ofA, ofB] = [a, b].map(({ state }) => unitsOf(state.assignment, topics[0]));
      expect(ofA).toHaveLength(3);
      expect([...(ofA ?? []), ...(ofB ?? [])].sort()).toEqual([0, 1, 2, 3, 4, 5]);
      for (const { state } of [a, b]) {
        expect(unitsOf(state.assignment, topics[1])).toEqual(unitsOf(state.assignment, topics[0]));
      }
      expect(a.state.calls).toEqual(['assigned', 'revoked', 'assigned']);
      expect(b.state.calls).toEqual(['assigned']);
      await second.leave();
      await fixture().waitFor(
        'the first to hold all again',
        () => unitsOf(a.state.assignment, topics[0]).length === 6,
      );
      expect(b.state.calls).toEqual(['assigned', 'revoked']);
      await first.leave();
    });

    it('gives units back to who has their state', async () => {
      const all = [0, 1, 2, 3, 4, 5];
      const holder = recordingMember(group, topics, { stickyPartitions: () => all });
      const back = recordingMember(group, topics, { stickyPartitions: () => [1, 3, 5] });
      const first = await fixture().broker.join(holder.options);
      const second = await (await fixture().connect()).join(back.options);
      await fixture().waitFor(
        'the holder to have given some up',
        () => unitsOf(holder.state.assignment, topics[0]).length === 3,
      );
      expect(unitsOf(holder.state.assignment, topics[0])).toEqual([0, 2, 4]);
      await fixture().waitFor('the assignment', () => back.state.calls.includes('assigned'));
      expect(unitsOf(back.state.assignment, topics[0])).toEqual([1, 3, 5]);
      await Promise.all([first.leave(), second.leave()]);
    });

    it('E2: takes offsets of its present generation, and writes nothing for an earlier one', async () => {
      const { broker } = fixture();
      const a = recordingMember(group, topics);
      const first = await broker.join(a.options);
      await fixture().waitFor('an assignment', () => a.state.calls.includes('assigned'));
      const place = { topic: topics[0], partition: 0 };
      const commit = async ({ memberId, generation }: GroupMemberId, offset: number) => {
        const producer = await broker.openProducer(`${group}/${memberId}`);
        const transaction = {
          records: [record(topics[0], `written before ${offset}`)],
          group,
          member: { memberId, generation },
          offsets: () => [{ ...place, offset, metadata: '' }],
        };
        await producer.commit(transaction).finally(() => producer.close());
      };
      const former = a.state.assignment;
      await commit(former, 1);
      const second = await (await fixture().connect()).join(recordingMember(group, topics).options);
      await fixture().waitFor(
        'the next generation',
        () => a.state.assignment.generation > former.generation,
      );
      await expect(commit(former, 2)).rejects.toMatchObject({ code: 'FENCED' });
      await commit(a.state.assignment, 3);
      await first.leave();
      await expect(commit(a.state.assignment, 4)).rejects.toMatchObject({ code: 'FENCED' });
      const committed = await broker.committedOffsets(group, [place]);
      expect(committed.get(partitionName(place))?.offset).toBe(3);
      const reader = broker.openReader();
      reader.assign(place, 0);
      const end = await endOf(broker, place);
      const written = values(await readTo(reader, place, end));
      expect(written).toEqual(['written before 1', 'written before 3']);
      await Promise.all([reader.close(), second.leave()]);
    });

    it('tells who is in it', async () => {
      const { broker } = fixture();
      expect(await broker.groupMembers(group)).toEqual([]);
      const member = await broker.join(recordingMember(group, topics).options);
      expect(await broker.groupMembers(group)).toEqual([member.memberId]);
      await member.leave();
      expect(await broker.groupMembers(group)).toEqual([]);
    });

    it('waits for revoked to end before it rejoins', async () => {
      let finish: () => void = () => undefined;
      const a = recordingMember(group, topics);
      const finished = new Promise<void>((resolve) => (finish = resolve));
      const listener = {
        ...a.options.listener,
        revoked: async () => {
          a.state.calls.push('revoking');
          await finished;
          a.state.calls.push('revoked');
        },
      };
      const b = recordingMember(group, topics);
      const first = await fixture().broker.join({ ...a.options, listener });
      const joining = fixture().broker.join(b.options);
      await fixture().waitFor('the revocation', () => a.state.calls.includes('revoking'));
      expect(b.state.calls).toEqual([]);
      finish();
      const second = await joining;
      await fixture().waitFor('the assignment', () => b.state.calls.includes('assigned'));
      expect(a.state.calls.slice(0, 3)).toEqual(['assigned', 'revoking', 'revoked']);
      await Promise.all([first.leave(), second.leave()]);
    });

    it('lets a restarted member take its place without waiting for a session to time out', async () => {
      const memberIdFile = join(folder, 'member-id');
      const killed = recordingMember(group, topics, { memberIdFile });
      const doomed = await fixture().connect();
      await doomed.join(killed.options);
      // Closing without leaving is what the coordinator sees of a kill -9.
      await doomed.close();
      const restarted = recordingMember(group, topics, { memberIdFile });
      const startedAt = performance.now();
      const member = await fixture().broker.join(restarted.options);
      await fixture().waitFor('its assignment', () => restarted.state.calls.includes('assigned'));
      expect(performance.now() - startedAt).toBeLessThan(SESSION_TIMEOUT_MS / 3);
      expect(unitsOf(restarted.state.assignment, topics[0])).toHaveLength(6);
      await member.leave();
    });

    it('tells a member that it lost its place, and lets it in again', async () => {
      const memberIdFile = join(folder, 'member-id');
      const expelled = recordingMember(group, topics, { memberIdFile });
      const first = await fixture().broker.join(expelled.options);
      await fixture().waitFor('an assignment', () => expelled.state.calls.includes('assigned'));
      // Taking the first for its own former self, the second has the coordinator expel it.
      const second = await (
        await fixture().connect()
      ).join(recordingMember(group, topics, { memberIdFile }).options);
      await fixture().waitFor('the loss', () => expelled.state.calls.includes('lost'));
      await fixture().waitFor(
        'its return',
        () => unitsOf(expelled.state.assignment, topics[0]).length === 3,
      );
      expect(expelled.state.calls.slice(0, 3)).toEqual(['assigned', 'lost', 'assigned']);
      await Promise.all([first.leave(), second.leave()]);
    });

    it('does not wait for a member whose revocation outlasts the rebalance timeout', async () => {
      const slow = recordingMember(group, topics, { rebalanceTimeoutMs: 1_000 });
      let finish: () => void = () => undefined;
      const finished = new Promise<void>((resolve) => (finish = resolve));
      const listener = { ...slow.options.listener, revoked: () => finished };
      const first = await fixture().broker.join({ ...slow.options, listener });
      const other = recordingMember(group, topics, { rebalanceTimeoutMs: 1_000 });
      const second = await (await fixture().connect()).join(other.options);
      await fixture().waitFor('the loss', () => slow.state.calls.includes('lost'));
      expect(slow.state.calls).toEqual(['assigned', 'lost']);
      finish();
      await fixture().waitFor(
        'both to share again',
        () => unitsOf(slow.state.assignment, topics[0]).length === 3,
      );
      await Promise.all([first.leave(), second.leave()]);
    });

    it('ends, and says why, when the listener fails', async () => {
      const { state, options } = recordingMember(group, topics);
      const failing = { ...options.listener, assigned: () => Promise.reject(new Error('no disk')) };
      await fixture().broker.join({ ...options, listener: failing });
      await fixture().waitFor('the end', () => state.calls.length > 0);
      expect(state.calls).toEqual([expect.stringContaining('no disk')]);
    });

    it('rejects a member of a topic that does not exist', async () => {
      const { options } = recordingMember(group, [fixture().freshName('missing')]);
      await expect(fixture().broker.join(options)).rejects.toMatchObject({
        code: 'UNKNOWN_TOPIC',
      });
    });
  });
}
