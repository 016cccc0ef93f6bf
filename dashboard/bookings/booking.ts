/**
 * One thing that an operator books by hand, from the button to what came of it. The edge answers once
 * Kafka has the request; a participant decides, and what is read of the thing says how.
 *
 *   idle ──send──> sending ──202──> waiting ──read: it is booked──> booked
 *     ^               │                └──────read: rejected──────> refused
 *     │               ├──refused by the edge──────────────────────> refused
 *     └───reset───────└──anything else────────────────────────────> failed
 *
 * What always holds: the same booking sent again, after a failure, carries the same Idempotency-Key,
 * so it is booked once however often it is sent.
 */
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import type { EventAccepted } from '../../edge/contract/api-types';
import { mayPass, type Answer, type Failure } from '../api/answer';
import { failureWords } from '../api/failure-words';
import { CommandKey } from '../parts/command-key';

/** The read models follow the log within a second. */
const LOOK_EVERY_MS = 1_000;

export type BookingState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'sending' }
  /** Kafka has it; nothing is read of it yet. */
  | { readonly kind: 'waiting'; readonly eventId: string; readonly since: number }
  | { readonly kind: 'booked'; readonly message: string }
  /** Nothing was changed, and sending it again would not help. */
  | { readonly kind: 'refused'; readonly message: string }
  /** Nobody knows whether it arrived. */
  | { readonly kind: 'failed'; readonly message: string };

export type BookingOutcome =
  { readonly kind: 'none' } | { readonly kind: 'booked' | 'refused'; readonly message: string };

export interface BookingPorts<B> {
  readonly send: (body: B, idempotencyKey: string) => Promise<Answer<EventAccepted>>;
  /** What was read of the request `eventId`; made from refs, which are watched. */
  readonly outcomeOf: (eventId: string, body: B) => BookingOutcome;
  /** Reads anew what `outcomeOf` looks at. */
  readonly reload: () => Promise<void>;
}

export interface Booking<B> {
  readonly state: Readonly<ShallowRef<BookingState>>;
  readonly send: (body: B) => Promise<BookingState>;
  readonly reset: () => void;
}

export function isUnderWay({ kind }: BookingState): boolean {
  return kind === 'sending' || kind === 'waiting';
}

export function useBooking<B>(ports: BookingPorts<B>): Booking<B> {
  const state = shallowRef<BookingState>({ kind: 'idle' });
  const sent = shallowRef<B>();
  const key = new CommandKey();
  const looking = setInterval(() => {
    if (state.value.kind === 'waiting') void ports.reload();
  }, LOOK_EVERY_MS);
  onScopeDispose(() => clearInterval(looking));

  watch(
    (): BookingOutcome =>
      state.value.kind === 'waiting' && sent.value !== undefined
        ? ports.outcomeOf(state.value.eventId, sent.value)
        : { kind: 'none' },
    (outcome) => {
      if (outcome.kind !== 'none') state.value = outcome;
    },
  );

  return {
    state,
    send: async (body) => {
      state.value = { kind: 'sending' };
      const answer = await ports.send(body, key.of('booking', body));
      sent.value = body;
      if (answer.kind === 'ok') {
        state.value = { kind: 'waiting', eventId: answer.value.eventId, since: Date.now() };
      } else {
        state.value = stateAfter(answer);
      }
      // The same again is another booking, unless it is not known what became of this one.
      if (state.value.kind !== 'failed') key.forget();
      // What was refused was asked of figures that have changed.
      await ports.reload();
      return state.value;
    },
    reset: () => {
      if (!isUnderWay(state.value)) state.value = { kind: 'idle' };
    },
  };
}

function stateAfter(failure: Failure): BookingState {
  const message = failureWords(failure);
  return mayPass(failure) ? { kind: 'failed', message } : { kind: 'refused', message };
}
