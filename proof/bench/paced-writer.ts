/** Writes records at a rate, as shops do: not as fast as the broker takes them. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { NewRecord } from '../../streams/runtime/broker';
import type { EventProducer } from '../../streams/runtime/kafka/event-producer';

/** What is due is written together; far below the latencies that are measured. */
const TICK_MS = 5;
/** Ticks that may be unacknowledged; a broker that is slower holds the writer back. */
const TICKS_IN_FLIGHT = 20;
/** Of one tick after the machine stood still; far below what the producer takes at once. */
const TICK_RECORDS_MAX = 400;
const WRITE_WITHIN_MS = 60_000;

/** Resolves once all are acknowledged, to the rate that was reached, records/s. */
export async function writePaced(
  producer: EventProducer,
  records: readonly NewRecord[],
  perSecond: number,
): Promise<number> {
  const begun = performance.now();
  const inFlight = new Set<Promise<unknown>>();
  let written = 0;
  while (written < records.length) {
    const due = Math.ceil(((performance.now() - begun) / 1_000) * perSecond);
    const until = Math.min(due, written + TICK_RECORDS_MAX, records.length);
    if (until > written) {
      const sending = producer.send(records.slice(written, until), WRITE_WITHIN_MS);
      inFlight.add(sending);
      void sending.finally(() => inFlight.delete(sending)).catch(() => undefined);
      written = until;
    }
    while (inFlight.size >= TICKS_IN_FLIGHT) await Promise.race(inFlight);
    if (until === due || until === records.length) await sleep(TICK_MS);
  }
  await Promise.all(inFlight);
  return records.length / ((performance.now() - begun) / 1_000);
}
