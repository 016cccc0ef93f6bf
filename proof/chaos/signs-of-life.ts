/**
 * When a part of the product was first seen at work after a moment, from outside: a record that
 * only it writes, rows that only it moves, an answer that only it gives.
 */
import { Client } from 'pg';
import { systemClock } from '../../platform/clock';
import {
  accountsChangelog,
  alertsChangelog,
  inventoryChangelog,
  ordersChangelog,
  paymentsChangelog,
} from '../../topics/changelogs';
import { ordersRequests } from '../../topics/orders';
import { paymentsGatewayResults } from '../../topics/payments';
import type { ReadAlong } from './read-along';
import type { Part } from './victim';

/** A changelog is written at every commit that does anything. */
const WRITES: Partial<Record<Part, string>> = {
  orders: ordersChangelog.name,
  inventory: inventoryChangelog.name,
  accounts: accountsChangelog.name,
  payments: paymentsChangelog.name,
  alerts: alertsChangelog.name,
  gateway: paymentsGatewayResults.name,
  edge: ordersRequests.name,
};
const ASK_EVERY_MS = 100;

export interface Surroundings {
  readonly databaseUrl: string;
  readonly registryUrl: string;
}

export class SignsOfLife {
  constructor(
    private readonly log: ReadAlong,
    private readonly surroundings: Surroundings,
  ) {}

  /** Ms since the epoch; undefined: not within the time. */
  firstAfter(part: Part, moment: number, withinMs: number): Promise<number | undefined> {
    const topic = WRITES[part];
    if (topic !== undefined) return this.log.firstAfter(topic, moment, withinMs);
    const { databaseUrl, registryUrl } = this.surroundings;
    return part === 'registry'
      ? asked(() => registryAnswers(registryUrl), withinMs)
      : asked(() => viewsMoved(databaseUrl, moment), withinMs);
  }
}

/** Asks again until there is an answer; what cannot be asked has none yet. */
async function asked(
  ask: () => Promise<number | undefined>,
  withinMs: number,
): Promise<number | undefined> {
  const giveUpAt = systemClock.now() + withinMs;
  while (systemClock.now() < giveUpAt) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined) return answer;
    await systemClock.sleep(ASK_EVERY_MS);
  }
  return undefined;
}

async function registryAnswers(url: string): Promise<number | undefined> {
  const response = await fetch(`${url}/subjects`, { signal: AbortSignal.timeout(2_000) });
  await response.arrayBuffer();
  return response.ok ? systemClock.now() : undefined;
}

async function viewsMoved(databaseUrl: string, moment: number): Promise<number | undefined> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ at: number | null }>(
      'select (extract(epoch from max(committed_at)) * 1000)::float8 as at from view_offsets',
    );
    const at = rows[0]?.at ?? 0;
    return at > moment ? at : undefined;
  } finally {
    await client.end();
  }
}
