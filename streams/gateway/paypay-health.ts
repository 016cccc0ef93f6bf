/**
 * Whether PayPay is well, as the calls of this process tell, over slots of ten seconds.
 *
 *   well ──circuit opens, or half of 20 calls within a minute fail──▶ degraded
 *     ▲                                                                  │
 *     └──circuit closed, and a tenth of the calls fail at most for 30 s──┘
 *
 * With the default settings: PayPay dies at 0 s, the fifth call in a row fails at 0.4 s: degraded.
 * It is back at 60 s; the last failure is in the slot that ends at 60 s, so it is well with the
 * first answer from 90 s on ("PayPay is well again half a minute after the last failure").
 */
export interface PayPayHealth {
  readonly degraded: boolean;
  /** Since when; ms since the epoch. */
  readonly since: number;
  /** The latest, oldest first; slots without a call are left out. */
  readonly slots: readonly Slot[];
}

interface Slot {
  /** When it began. */
  readonly at: number;
  readonly calls: number;
  readonly failures: number;
}

export interface HealthSettings {
  /** How far back calls are looked at before PayPay counts as degraded. */
  readonly degradedWithinMs: number;
  readonly degradedCallsMin: number;
  readonly degradedShare: number;
  readonly wellAfterMs: number;
  readonly wellShare: number;
}

export interface CallOutcome {
  readonly failed: boolean;
  readonly isCircuitClosed: boolean;
}

const SLOT_MS = 10_000;

export function wellSince(now: number): PayPayHealth {
  return { degraded: false, since: now, slots: [] };
}

/** A call has ended. */
export function noted(
  health: PayPayHealth,
  outcome: CallOutcome,
  now: number,
  settings: HealthSettings,
): PayPayHealth {
  const keptMs = Math.max(settings.degradedWithinMs, settings.wellAfterMs);
  const slots = within(keptMs, counted(health.slots, outcome.failed, now), now);
  const degraded = isDegraded(health.degraded, slots, outcome, now, settings);
  const since = degraded === health.degraded ? health.since : now;
  return { degraded, since, slots };
}

/** For people: what the judgement rests on. */
export function inWords({ degraded, slots }: PayPayHealth): string {
  const { calls, failures } = sum(slots);
  const share = `${failures} of the latest ${calls} calls of PayPay failed`;
  return degraded ? share : `PayPay answers: ${share}`;
}

function isDegraded(
  wasDegraded: boolean,
  slots: readonly Slot[],
  { isCircuitClosed }: CallOutcome,
  now: number,
  settings: HealthSettings,
): boolean {
  if (!isCircuitClosed) return true;
  if (wasDegraded) {
    const { calls, failures } = sum(within(settings.wellAfterMs, slots, now));
    return failures > calls * settings.wellShare;
  }
  const { calls, failures } = sum(within(settings.degradedWithinMs, slots, now));
  return calls >= settings.degradedCallsMin && failures >= calls * settings.degradedShare;
}

/** Slots that have not ended before the time that is looked at. */
function within(ms: number, slots: readonly Slot[], now: number): readonly Slot[] {
  return slots.filter(({ at }) => at + SLOT_MS > now - ms);
}

function counted(slots: readonly Slot[], failed: boolean, now: number): readonly Slot[] {
  const at = Math.floor(now / SLOT_MS) * SLOT_MS;
  const last = slots.at(-1);
  const isSame = last?.at === at;
  const { calls, failures } = isSame ? last : { calls: 0, failures: 0 };
  const changed = { at, calls: calls + 1, failures: failures + (failed ? 1 : 0) };
  return [...(isSame ? slots.slice(0, -1) : slots), changed];
}

function sum(slots: readonly Slot[]): { readonly calls: number; readonly failures: number } {
  return {
    calls: slots.reduce((all, { calls }) => all + calls, 0),
    failures: slots.reduce((all, { failures }) => all + failures, 0),
  };
}
