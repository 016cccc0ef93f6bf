/** What one step of a choreography takes on a broker when nothing is computed: written, and read. */
import type { NewRecord, RecordReader } from '../../streams/runtime/broker';
import { openEventProducer } from '../../streams/runtime/kafka/event-producer';
import type { BenchGround } from './bench-ground';

const TOPIC = 'bench-hops';
const GROUP = 'bench-hops';
const PINGS = 200;
const WARM_PINGS = 30;
const WITHIN_MS = 10_000;
const POLL_MS = 500;

export interface HopTimes {
  /** ms each, from the call that writes to the reader having it. */
  readonly plain: readonly number[];
  readonly transaction: readonly number[];
}

export async function hopTimes(ground: BenchGround): Promise<HopTimes> {
  const { broker, brokers } = ground;
  await ground.makeTopics([TOPIC]);
  const reader = broker.openReader();
  const place = { topic: TOPIC, partition: 0 };
  reader.assign(place, (await broker.highWatermarks([place])).get(`${TOPIC}-0`) ?? 0);
  const producer = openEventProducer({ brokers: brokers.split(','), clientId: 'bench-hops' });
  const transactions = await broker.openProducer('bench-hops');
  try {
    const record: NewRecord = { ...place, key: 'ping', value: Buffer.alloc(300) };
    const plain = await pings(reader, () => producer.send([record], WITHIN_MS));
    let committed = 0;
    const transaction = await pings(reader, () => {
      committed += 1;
      const offsets = [{ ...place, offset: committed, metadata: '' }];
      return transactions.commit({ records: [record], group: GROUP, offsets: () => offsets });
    });
    return { plain, transaction };
  } finally {
    await transactions.close();
    await producer.close();
    await reader.close();
  }
}

async function pings(
  reader: RecordReader,
  write: () => Promise<unknown>,
): Promise<readonly number[]> {
  const times: number[] = [];
  for (let ping = 0; ping < WARM_PINGS + PINGS; ping += 1) {
    const begun = performance.now();
    const written = write();
    await nextRecord(reader);
    times.push(performance.now() - begun);
    await written;
  }
  return times.slice(WARM_PINGS);
}

async function nextRecord(reader: RecordReader): Promise<void> {
  for (;;) {
    const fetched = await reader.poll(POLL_MS);
    if (fetched.some(({ records }) => records.length > 0)) return;
  }
}
