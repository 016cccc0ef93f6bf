/**
 * Whether PayPay is well, as the requests of this process tell, over slots of ten seconds. In each
 * an order has one vote, its latest, however often it was asked for.
 *
 *   well ──circuit opens, or half of 20 votes within a minute are failures──▶ degraded
 *     ▲                                                                          │
 *     └──circuit closed, and a tenth of the votes of 30 s are failures at most───┘
 *
 * With the default settings: PayPay dies at 0 s, the fifth call in a row fails at 0.4 s: degraded.
 * It is back at 60 s; the last failure is in the slot that ends at 60 s, so it is well with the
 * first answer from 90 s on ("PayPay is well again half a minute after the last failure").
 *
 * One or two orders about which nothing can be had are in trouble of their own when PayPay answers
 * others, or when what it says of them is merely unreadable: they have no vote ("an order whose
 * details are unreadable does not degrade PayPay").
 */
import type { CallFailure } from './circuit-breaker';

export interface PayPayHealth {
  readonly degraded: boolean;
  /** Since when; ms since the epoch. */
  readonly since: number;
  /** The latest, oldest first; slots without a request are left out. */
  readonly slots: readonly Slot[];
}

/** What a request came to, its last try. */
export type RequestOutcome = 'answered' | CallFailure;

interface Slot {
  /** When it began. */
  readonly at: number;
  /** By orderId. */
  readonly votes: ReadonlyMap<string, RequestOutcome>;
}

export interface HealthSettings {
  /** How far back requests are looked at before PayPay counts as degraded. */
  readonly degradedWithinMs: number;
  readonly degradedVotesMin: number;
  readonly degradedShare: number;
  /** Orders that may fail for as long as one looks, and be in trouble of their own. */
  readonly ownTroubleMax: number;
  readonly wellAfterMs: number;
  readonly wellShare: number;
}

export interface Noted {
  readonly orderId: string;
  readonly outcome: RequestOutcome;
  readonly isCircuitClosed: boolean;
}

const SLOT_MS = 10_000;
/** Orders with a vote in one slot; more would tell the same and cost more at every request. */
const SLOT_VOTES_MAX = 200;

export function wellSince(now: number): PayPayHealth {
  return { degraded: false, since: now, slots: [] };
}

/** A request has ended, in which PayPay was called. */
export function noted(
  health: PayPayHealth,
  { orderId, outcome, isCircuitClosed }: Noted,
  now: number,
  settings: HealthSettings,
): PayPayHealth {
  const keptMs = Math.max(settings.degradedWithinMs, settings.wellAfterMs);
  const slots = within(keptMs, voted(health.slots, orderId, outcome, now), now);
  const degraded = !isCircuitClosed || isDegraded(health.degraded, slots, now, settings);
  const since = degraded === health.degraded ? health.since : now;
  return { degraded, since, slots };
}

/** For people: what the judgement rests on. */
export function inWords({ degraded, slots }: PayPayHealth, settings: HealthSettings): string {
  const { votes, failures } = count(slots, settings);
  const share = `${failures} of the latest ${votes} requests to PayPay failed`;
  return degraded ? share : `PayPay answers: ${share}`;
}

function isDegraded(
  wasDegraded: boolean,
  slots: readonly Slot[],
  now: number,
  settings: HealthSettings,
): boolean {
  if (wasDegraded) {
    const { votes, failures } = count(within(settings.wellAfterMs, slots, now), settings);
    return failures > votes * settings.wellShare;
  }
  const { votes, failures } = count(within(settings.degradedWithinMs, slots, now), settings);
  return votes >= settings.degradedVotesMin && failures >= votes * settings.degradedShare;
}

/** Slots that have not ended before the time that is looked at. */
function within(ms: number, slots: readonly Slot[], now: number): readonly Slot[] {
  return slots.filter(({ at }) => at + SLOT_MS > now - ms);
}

function voted(
  slots: readonly Slot[],
  orderId: string,
  outcome: RequestOutcome,
  now: number,
): readonly Slot[] {
  const at = Math.floor(now / SLOT_MS) * SLOT_MS;
  const last = slots.at(-1);
  const isSame = last?.at === at;
  const votes = new Map(isSame ? last.votes : []);
  if (votes.has(orderId) || votes.size < SLOT_VOTES_MAX) votes.set(orderId, outcome);
  return [...(isSame ? slots.slice(0, -1) : slots), { at, votes }];
}

interface Count {
  readonly votes: number;
  readonly failures: number;
}

function count(slots: readonly Slot[], { ownTroubleMax }: HealthSettings): Count {
  const byOrder = new Map<string, RequestOutcome[]>();
  for (const { votes } of slots) {
    for (const [orderId, outcome] of votes) {
      const own = byOrder.get(orderId);
      if (own === undefined) byOrder.set(orderId, [outcome]);
      else own.push(outcome);
    }
  }
  const orders = [...byOrder.values()];
  const silent = orders.filter((own) => !own.includes('answered'));
  const isHeard = silent.length < orders.length;
  const isOwnTrouble = (own: readonly RequestOutcome[]) =>
    silent.length <= ownTroubleMax &&
    !own.includes('answered') &&
    (isHeard || !own.includes('unavailable'));
  const counted = orders.filter((own) => !isOwnTrouble(own)).flat();
  return {
    votes: counted.length,
    failures: counted.filter((outcome) => outcome !== 'answered').length,
  };
}
