import { BulkCommand } from '../../../dashboard/alerts/bulk-command';
import type { Answer } from '../../../dashboard/api/answer';
import { sampleAlert } from './sample-alert';

const ok: Answer<unknown> = { kind: 'ok', value: undefined };
const stale: Answer<unknown> = {
  ...{ kind: 'refused', status: 409, code: 'STALE_VERSION', message: 'changed' },
};
const lost: Answer<unknown> = { kind: 'unreachable', message: 'no answer' };
const alerts = ['a', 'b', 'c'].map((alertId) => sampleAlert({ alertId }));

test('what was done, what had changed and what failed are told apart', async () => {
  const answers = [ok, stale, lost];
  const result = await new BulkCommand().run(
    alerts,
    'acknowledge',
    ({ version }) => ({ expectedVersion: version }),
    () => Promise.resolve(answers.shift() ?? ok),
  );
  expect(result).toEqual({ asked: 3, done: 1, changed: ['b'], failed: 1, failure: lost });
});

test('asked again after a failure it is the same request, after a success another', async () => {
  const command = new BulkCommand();
  const keys: string[] = [];
  const answers = [lost, ok, ok];
  const ask = () =>
    command.run(
      alerts.slice(0, 1),
      'silence',
      () => ({ reason: 'maintenance' }),
      (_alert, _body, key) => {
        keys.push(key);
        return Promise.resolve(answers.shift() ?? ok);
      },
    );
  for (let turn = 0; turn < 3; turn += 1) await ask();
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[0]);
});
