/**
 * The watch over PayPay's webhooks where it meets the state: one key of each task counts its
 * successes and is emptied by a timer; one key of the task that all counts come to holds the
 * judgement.
 */
import type { AnyEvent, EventOf } from '../../schemas/event';
import { alertsConditions } from '../../topics/alerts';
import { paymentsSettlements } from '../../topics/payments';
import type { HandlerContext, TimerContext } from '../runtime/app';
import type { PaymentsSettings } from './settings';
import { SILENCE_KEY, TALLY_KEY, type State } from './state-key';
import { counted, countsOf, HEARD, judged, type Silence, type Tally } from './webhook-silence';

const TALLY_TIMER = 'tally';

export function countSuccesses(
  told: readonly AnyEvent[],
  context: TimerContext<State>,
  { tallyMs }: PaymentsSettings,
): void {
  for (const event of told) {
    if (event.type !== 'PaymentSucceeded') continue;
    const before = context.get(TALLY_KEY) as Tally | undefined;
    const tally = counted(before, event, context.now);
    if (tally === undefined) continue;
    context.put(TALLY_KEY, tally);
    if (before === undefined) context.setTimer(TALLY_KEY, TALLY_TIMER, context.now + tallyMs);
  }
}

export function reportTally(tally: Tally, context: TimerContext<State>): void {
  context.emit(paymentsSettlements, countsOf(tally, context.cause));
  context.delete(TALLY_KEY);
}

export function judgeCounts(
  counts: EventOf<'SettlementsCounted'>,
  context: HandlerContext<State>,
  settings: PaymentsSettings,
): void {
  const before = (context.get(SILENCE_KEY) as Silence | undefined) ?? HEARD;
  const { silence, condition } = judged(before, counts, context.cause, settings.silence);
  context.put(SILENCE_KEY, silence);
  if (condition !== undefined) context.emit(alertsConditions, condition);
}
