/**
 * The live list of the command line: each webhook once, when it is known how it was answered. The
 * simulator tells only that something changed, so the newest are read anew at each change.
 */
import type { SimulatorClient } from './client';
import type { Webhook, WebhookPhase } from './webhook-log';

/** More than are sent between two reads of a person's load. */
const NEWEST_MAX = 500;

const OVER: ReadonlySet<WebhookPhase> = new Set(['delivered', 'undelivered', 'lost', 'dropped']);

/** Goes on until `signal` is aborted; rejects when the simulator goes away. */
export async function watchWebhooks(
  client: SimulatorClient,
  tell: (webhook: Webhook) => void,
  signal: AbortSignal,
): Promise<void> {
  const told = new Set<string>();
  const look = async (say: boolean) => {
    const newest = await client.webhooks({ limit: NEWEST_MAX });
    const over = newest.filter(({ phase }) => OVER.has(phase));
    for (const webhook of over.reverse()) {
      if (say && !told.has(webhook.webhookId)) tell(webhook);
      told.add(webhook.webhookId);
    }
    forgetOldest(told, newest);
  };
  // What was over before is the business of `webhooks`.
  await look(false);
  const changes = client.changes(signal);
  while ((await changes.next()).done !== true) await look(true);
}

/** What is not in the simulator's own memory any more cannot come again. */
function forgetOldest(told: Set<string>, newest: readonly Webhook[]): void {
  if (told.size <= 2 * NEWEST_MAX) return;
  const kept = new Set(newest.map(({ webhookId }) => webhookId));
  for (const webhookId of told) if (!kept.has(webhookId)) told.delete(webhookId);
}
