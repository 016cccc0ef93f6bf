/**
 * The same client, reading the same changelog, doing nothing with it: `tsx raw-reader.ts BROKERS
 * TOPIC PARTITIONS`. Prints the records read and the ms it took, from the first fetch to the end.
 */
import { partitionName } from '../../../streams/runtime/broker';
import { connectBroker } from '../../../streams/runtime/kafka/kafka-broker';

const POLL_MS = 500;

async function main(): Promise<void> {
  const [brokers = '', topic = '', partitions = ''] = process.argv.slice(2);
  const broker = await connectBroker({ brokers: brokers.split(','), clientId: 'raw-reader' });
  const places = Array.from({ length: Number(partitions) }, (_, partition) => ({
    topic,
    partition,
  }));
  const ends = await broker.lastStableOffsets(places);
  const unread = new Set(places.map(partitionName).filter((name) => (ends.get(name) ?? 0) > 0));
  // One reader a partition, as a restore has it.
  const begun = performance.now();
  const counts = await Promise.all(
    places
      .filter((place) => unread.has(partitionName(place)))
      .map(async (place) => {
        const reader = broker.openReader();
        reader.assign(place, 0);
        const end = ends.get(partitionName(place)) ?? 0;
        let records = 0;
        for (let position = 0; position < end;) {
          for (const fetched of await reader.poll(POLL_MS)) {
            records += fetched.records.length;
            position = fetched.nextOffset;
          }
        }
        await reader.close();
        return records;
      }),
  );
  const ms = performance.now() - begun;
  const records = counts.reduce((sum, count) => sum + count, 0);
  process.stdout.write(`read ${String(records)} ${String(Math.round(ms))}\n`);
  await broker.close();
}

void main();
