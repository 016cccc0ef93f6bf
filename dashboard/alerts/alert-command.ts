/**
 * One thing that an operator asks of an alert, from the button to what came of it. The edge answers
 * once Kafka has the request; the alerts app decides, and the alert's history says how.
 *
 *   idle ──send──> sending ──202──> waiting ──history: an event of it──> taken
 *     ^               │                └─────history: refused──────────> overtaken
 *     │               ├──409──────────────────────────────────────────> overtaken
 *     └───reset───────└──anything else────────────────────────────────> failed
 *
 * What always holds: the same command sent again, after a failure, carries the same Idempotency-Key,
 * so it is done once however often it is sent.
 */
import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { AlertHistoryEntry } from '../../edge/contract/api-types';
import type { Failure } from '../api/answer';
import type { AlertCommands, EdgeApi } from '../api/edge-api';
import { failureWords } from '../api/failure-words';
import { t } from '../i18n/translate';
import { eventOf } from '../live/event-of';
import { CommandKey } from '../parts/command-key';

/** The read models follow the log within a second. */
const LOOK_EVERY_MS = 1_000;

export type CommandState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'sending' }
  /** Kafka has it; the alerts app has not answered yet. */
  | { readonly kind: 'waiting'; readonly eventId: string; readonly since: number }
  | { readonly kind: 'taken' }
  /** The alert is not what it was when the operator looked at it; the page shows it anew. */
  | { readonly kind: 'overtaken'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string };

export type Outcome =
  | { readonly kind: 'none' }
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly message: string };

/** What the history says of the request `eventId`. */
export function outcomeOf(history: readonly AlertHistoryEntry[], eventId: string): Outcome {
  const answer = history.find(({ payload }) => payload['causationId'] === eventId);
  if (answer === undefined) return { kind: 'none' };
  if (answer.type !== 'AlertCommandRefused') return { kind: 'taken' };
  const { reason } = eventOf<'AlertCommandRefused'>({
    type: 'AlertCommandRefused',
    payload: answer.payload,
  });
  return { kind: 'refused', message: t(`alerts.refusals.${reason}`) };
}

/** Whether the command may be sent again as it is. */
export function stateAfter(failure: Failure): CommandState {
  const message = failureWords(failure);
  if (failure.kind === 'refused' && failure.status === 409) return { kind: 'overtaken', message };
  return { kind: 'failed', message };
}

export interface AlertCommand {
  readonly state: Readonly<ShallowRef<CommandState>>;
  readonly send: <W extends keyof AlertCommands>(
    what: W,
    body: AlertCommands[W],
  ) => Promise<CommandState>;
  readonly reset: () => void;
}

/** `reload` reads the alert anew; `history` is what was read last. */
export function useAlertCommand(
  api: Pick<EdgeApi, 'commandAlert'>,
  alert: {
    readonly alertId: string;
    readonly history: Readonly<Ref<readonly AlertHistoryEntry[]>>;
    readonly reload: () => Promise<void>;
  },
): AlertCommand {
  const state = shallowRef<CommandState>({ kind: 'idle' });
  const key = new CommandKey();
  const looking = setInterval(() => {
    if (state.value.kind === 'waiting') void alert.reload();
  }, LOOK_EVERY_MS);
  onScopeDispose(() => clearInterval(looking));

  watch([state, alert.history], () => {
    if (state.value.kind !== 'waiting') return;
    const outcome = outcomeOf(alert.history.value, state.value.eventId);
    if (outcome.kind === 'taken') state.value = { kind: 'taken' };
    if (outcome.kind === 'refused') {
      state.value = { kind: 'overtaken', message: outcome.message };
    }
  });

  return {
    state,
    send: async (what, body) => {
      state.value = { kind: 'sending' };
      const answer = await api.commandAlert(alert.alertId, what, body, key.of(what, body));
      if (answer.kind === 'ok') {
        key.forget();
        state.value = { kind: 'waiting', eventId: answer.value.eventId, since: Date.now() };
      } else {
        state.value = stateAfter(answer);
      }
      // What was refused was asked of an alert that has changed; what was taken changes it.
      await alert.reload();
      return state.value;
    },
    reset: () => {
      if (state.value.kind !== 'sending' && state.value.kind !== 'waiting') {
        state.value = { kind: 'idle' };
      }
    },
  };
}
