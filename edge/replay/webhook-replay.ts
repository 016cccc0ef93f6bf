/**
 * Sends archived webhooks to the edge again, byte for byte and marked as what they are, at a rate
 * that leaves the edge to the live ones. Each makes payments ask PayPay once more; none is believed.
 */
import type { Clock } from '../../platform/clock';
import { REPLAY_HEADER, REPLAY_KEY_HEADER } from '../webhooks/notification';
import type { ArchivedWebhook } from './archived-webhooks';

export interface ReplayOptions {
  /** Where PayPay's webhooks go. */
  readonly webhookUrl: string;
  readonly perSecondMax: number;
  /** The edge's WEBHOOK_REPLAY_KEY, where this address would not be heard without it. */
  readonly replayKey: string | undefined;
  readonly clock: Clock;
  /** Told of each as it is answered. */
  readonly answered: (webhook: ArchivedWebhook, answer: ReplayAnswer) => void;
}

export type ReplayAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly code: string | null }
  | { readonly kind: 'unsent' | 'unreachable'; readonly reason: string };

export interface ReplayCount {
  readonly sent: number;
  readonly accepted: number;
}

/** Longer than the edge takes to say 503. */
const ANSWER_WITHIN_MS = 5_000;

export async function replayWebhooks(
  webhooks: AsyncIterable<ArchivedWebhook>,
  { webhookUrl, perSecondMax, replayKey, clock, answered }: ReplayOptions,
): Promise<ReplayCount> {
  let count: ReplayCount = { sent: 0, accepted: 0 };
  const pauseMs = 1_000 / perSecondMax;
  for await (const webhook of webhooks) {
    const begun = clock.now();
    const answer = await send(webhookUrl, webhook, replayKey);
    answered(webhook, answer);
    const isAccepted = answer.kind === 'answered' && answer.status === 200;
    const isSent = answer.kind !== 'unsent';
    count = {
      sent: count.sent + (isSent ? 1 : 0),
      accepted: count.accepted + (isAccepted ? 1 : 0),
    };
    await clock.sleep(Math.max(0, begun + pauseMs - clock.now()));
  }
  return count;
}

async function send(
  url: string,
  webhook: ArchivedWebhook,
  replayKey: string | undefined,
): Promise<ReplayAnswer> {
  const { body, eventId } = webhook;
  if (webhook.type === 'WebhookSetAside' && webhook.bodyBytes !== webhook.body.length) {
    return { kind: 'unsent', reason: 'only the start of its body was kept' };
  }
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [REPLAY_HEADER]: eventId,
        ...(replayKey === undefined ? {} : { [REPLAY_KEY_HEADER]: replayKey }),
      },
      body,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const answer = (await response.json()) as { error?: { code?: string } };
    return { kind: 'answered', status: response.status, code: answer.error?.code ?? null };
  } catch (error) {
    const { message, cause } = error as Error & { cause?: Error };
    return { kind: 'unreachable', reason: cause?.message ?? message };
  }
}
