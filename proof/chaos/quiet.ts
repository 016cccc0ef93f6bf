/**
 * Waits until a run has come to rest: nothing new on any topic for longer than the longest timer
 * that may be the only one left, and the views are where the log ends.
 */
import { Client } from 'pg';
import { partitionName } from '../../streams/runtime/broker';
import { systemClock } from '../../platform/clock';
import { allProjections } from '../../streams/views/projections/all-projections';
import type { ReadAlong } from './read-along';

const LOOK_EVERY_MS = 1_000;
/** Polls and their retries take their time when PayPay could not be asked. */
const QUIET_WITHIN_MS = 20 * 60_000;

/** Rejects when it never comes to rest. */
export async function untilQuiet(
  log: ReadAlong,
  databaseUrl: string,
  quietMs: number,
): Promise<void> {
  const giveUpAt = systemClock.now() + QUIET_WITHIN_MS;
  for (;;) {
    const behind = log.quietMs < quietMs ? ['the log grows'] : await viewsBehind(log, databaseUrl);
    if (behind.length === 0) return;
    if (systemClock.now() > giveUpAt)
      throw new Error(`not quiet by the deadline: ${behind.join()}`);
    await systemClock.sleep(LOOK_EVERY_MS);
  }
}

async function viewsBehind(log: ReadAlong, databaseUrl: string): Promise<readonly string[]> {
  const viewed = new Set(allProjections.map(({ topic }) => topic.name));
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ topic: string; partition: number; next: string }>(
      'select topic, "partition", next_offset as next from view_offsets',
    );
    const positions = new Map(rows.map((row) => [partitionName(row), Number(row.next)]));
    return log.delivered.flatMap(({ place, lastOffset }) => {
      const position = positions.get(partitionName(place)) ?? 0;
      const behind = viewed.has(place.topic) && position <= lastOffset;
      return behind ? [`views at ${partitionName(place)}@${position}`] : [];
    });
  } finally {
    await client.end();
  }
}
