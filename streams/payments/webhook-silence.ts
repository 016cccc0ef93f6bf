/**
 * Whether PayPay's webhooks come: they do not when asking PayPay brings to light what they should
 * have told. Each task counts its own successes; the counts meet in one partition, where they are
 * judged with hysteresis, so that a poll that was faster than a webhook now and then is no alarm.
 *
 *   successes of all tasks   5 by asking ─▶ SILENT ── 2 by webhook ─▶ still ── 1 more ─▶ heard again
 *   ("webhooks are silent after five successes that only asking brought to light")
 */
import { header, type Cause } from '../../schemas/header';
import type { EventOf } from '../../schemas/event';
import type { StateOf } from '../runtime/app';
import type { SilenceSettings } from './settings';

export type Tally = StateOf<'SettlementTally'>;
export type Silence = StateOf<'WebhookSilence'>;
type Counts = Silence['recent'][number];

export const HEARD: Silence = { type: 'WebhookSilence', silent: false, recent: [] };

/** What an operator asked for tells nothing: nobody knows whether the webhook would have come. */
export function counted(
  tally: Tally | undefined,
  { settledBy }: EventOf<'PaymentSucceeded'>,
  now: number,
): Tally | undefined {
  if (settledBy === 'OPERATOR') return tally;
  const { since, byWebhook, byAsking } = tally ?? { since: now, byWebhook: 0, byAsking: 0 };
  const isTold = settledBy === 'NOTIFICATION';
  return {
    type: 'SettlementTally',
    since,
    byWebhook: byWebhook + (isTold ? 1 : 0),
    byAsking: byAsking + (isTold ? 0 : 1),
  };
}

export function countsOf(
  { since, byWebhook, byAsking }: Tally,
  cause: Cause,
): EventOf<'SettlementsCounted'> {
  const fields = { since, byWebhook, byAsking };
  return { type: 'SettlementsCounted', ...header(cause, 'settlements', cause.id), ...fields };
}

/** The judgement after further counts; the condition only when it has changed. */
export function judged(
  silence: Silence,
  { since, byWebhook, byAsking }: EventOf<'SettlementsCounted'>,
  cause: Cause,
  settings: SilenceSettings,
): { readonly silence: Silence; readonly condition?: EventOf<'Condition'> } {
  const recent = latest([...silence.recent, { since, byWebhook, byAsking }], settings.judgedMax);
  const silent = isSilent(silence.silent, recent, settings);
  if (silent === silence.silent) return { silence: { ...silence, recent } };
  return {
    silence: { ...silence, silent, recent: [] },
    condition: conditionOf(silent, recent, cause),
  };
}

function isSilent(wasSilent: boolean, recent: readonly Counts[], settings: SilenceSettings) {
  const count = sum(recent, total);
  const share = sum(recent, ({ byAsking }) => byAsking) / count;
  return wasSilent
    ? !(count >= settings.heardMin && share <= settings.heardShare)
    : count >= settings.silentMin && share >= settings.silentShare;
}

/** As few of the latest as hold `judgedMax` successes. */
function latest(counts: readonly Counts[], judgedMax: number): Counts[] {
  const [, ...newer] = counts;
  return sum(newer, total) >= judgedMax ? latest(newer, judgedMax) : [...counts];
}

function conditionOf(
  active: boolean,
  recent: readonly Counts[],
  cause: Cause,
): EventOf<'Condition'> {
  const count = sum(recent, total);
  const told = sum(recent, ({ byWebhook }) => byWebhook);
  return {
    type: 'Condition',
    ...header(cause, 'condition/WEBHOOKS_SILENT', cause.id),
    condition: 'WEBHOOKS_SILENT',
    active,
    since: recent[0]?.since ?? cause.at,
    detail: `PayPay's webhooks reported ${told} of the latest ${count} payments; reading PayPay's API found the others`,
  };
}

function total({ byWebhook, byAsking }: Counts): number {
  return byWebhook + byAsking;
}

function sum(counts: readonly Counts[], of: (counts: Counts) => number): number {
  return counts.reduce((all, each) => all + of(each), 0);
}
