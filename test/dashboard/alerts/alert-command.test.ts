import { effectScope, nextTick, shallowRef } from 'vue';
import {
  outcomeOf,
  useAlertCommand,
  type AlertCommand,
} from '../../../dashboard/alerts/alert-command';
import type { Answer } from '../../../dashboard/api/answer';
import type { AlertHistoryEntry, CommandAccepted } from '../../../edge/contract/api-types';

const accepted: Answer<CommandAccepted> = { kind: 'ok', value: { eventId: 'request-1' } };
const unreachable: Answer<CommandAccepted> = { kind: 'unreachable', message: 'no answer' };
const stale: Answer<CommandAccepted> = {
  kind: 'refused',
  status: 409,
  code: 'STALE_VERSION',
  message: 'The alert is at version 3; look at it again.',
};

/** An event of the alert that the request `causationId` led to. */
function entry(type: string, causationId: string, fields: object = {}): AlertHistoryEntry {
  return {
    topic: 'alerts.lifecycle.v1',
    partition: 0,
    offset: 7,
    eventId: `of-${causationId}`,
    type,
    version: 2,
    actor: 'ops@example.com',
    occurredAt: 1_000,
    loggedAt: 1_000,
    payload: { causationId, ...fields },
  };
}

/** A page that asks an edge which answers as it is told. */
function page(...answers: Answer<CommandAccepted>[]) {
  const asked: { readonly what: string; readonly body: unknown; readonly key: string }[] = [];
  const history = shallowRef<readonly AlertHistoryEntry[]>([]);
  let reloads = 0;
  const scope = effectScope();
  const command = scope.run((): AlertCommand =>
    useAlertCommand(
      {
        commandAlert: (_alertId, what, body, key) => {
          asked.push({ what, body, key });
          return Promise.resolve(answers.shift() ?? unreachable);
        },
      },
      {
        alertId: 'alert-1',
        history,
        reload: () => {
          reloads += 1;
          return Promise.resolve();
        },
      },
    ),
  );
  if (command === undefined) throw new Error('the scope is not active');
  return { command, asked, history, reloads: () => reloads, close: () => scope.stop() };
}

const acknowledge = ({ command }: ReturnType<typeof page>) =>
  command.send('acknowledge', { expectedVersion: 1 });

describe('a command', () => {
  let shown: ReturnType<typeof page>;

  afterEach(() => shown.close());

  test('is done once the history names it, and not when the edge took it', async () => {
    shown = page(accepted);
    await acknowledge(shown);
    expect(shown.command.state.value).toMatchObject({ kind: 'waiting', eventId: 'request-1' });
    shown.history.value = [entry('AlertRepeated', 'another')];
    await nextTick();
    expect(shown.command.state.value.kind).toBe('waiting');
    shown.history.value = [entry('AlertAcknowledged', 'request-1')];
    await nextTick();
    expect(shown.command.state.value).toEqual({ kind: 'taken' });
  });

  test('that the edge finds stale says so, and the alert is read anew', async () => {
    shown = page(stale);
    await acknowledge(shown);
    expect(shown.command.state.value).toEqual({
      kind: 'overtaken',
      message: 'The alert is at version 3; look at it again.',
    });
    expect(shown.reloads()).toBe(1);
  });

  test('that the alerts app refuses later says so as well', async () => {
    shown = page(accepted);
    await acknowledge(shown);
    const reason = 'ACTION_UNDER_WAY';
    shown.history.value = [entry('AlertCommandRefused', 'request-1', { reason })];
    await nextTick();
    expect(shown.command.state.value).toEqual({
      kind: 'overtaken',
      message: 'Another action was in progress.',
    });
  });

  test('sent again after no answer is the same command; after an answer it is another', async () => {
    shown = page(unreachable, accepted, accepted);
    await acknowledge(shown);
    expect(shown.command.state.value).toEqual({
      kind: 'failed',
      message: 'The server does not answer.',
    });
    await acknowledge(shown);
    await acknowledge(shown);
    const [first, again, other] = shown.asked.map(({ key }) => key);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  test('under way is not forgotten', async () => {
    shown = page(accepted);
    await acknowledge(shown);
    shown.command.reset();
    expect(shown.command.state.value.kind).toBe('waiting');
  });
});

test('a history that does not name the request yet decides nothing', () => {
  expect(outcomeOf([], 'request-1')).toEqual({ kind: 'none' });
});
