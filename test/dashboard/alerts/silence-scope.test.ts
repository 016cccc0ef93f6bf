import {
  matcherOf,
  scopeWords,
  silenceOf,
  silenceWords,
} from '../../../dashboard/alerts/silence-scope';
import type { SilenceView } from '../../../edge/contract/api-types';
import { sampleAlert } from './sample-alert';

function silence(fields: Partial<SilenceView>): SilenceView {
  const who = { author: 'ops@example.com', reason: 'maintenance' };
  return { silenceId: 's', rule: null, orderId: null, until: 2_000, ...who, ...fields };
}

const alert = sampleAlert();

test.each([
  ['ALERT', { rule: 'RULE_A', orderId: 'order-1' }, 'Rule A on this order'],
  ['ORDER', { orderId: 'order-1' }, 'Every rule on this order'],
  ['RULE', { rule: 'RULE_A' }, 'Rule A on every order'],
] as const)('a silence of the %s matches %j', (scope, matcher, words) => {
  expect(matcherOf(scope, alert)).toEqual(matcher);
  expect(scopeWords(scope, alert)).toBe(words);
});

test.each([
  ['of everything', {}, true],
  ['of its rule', { rule: 'RULE_A' }, true],
  ['of its order', { orderId: 'order-1' }, true],
  ['of another rule', { rule: 'RULE_B' }, false],
  ['of its rule on another order', { rule: 'RULE_A', orderId: 'order-2' }, false],
  ['that is over', { until: 1_000 }, false],
] as const)('an alert is quiet by a silence %s: %s', (_what, fields, expected) => {
  expect(silenceOf(alert, [silence(fields)], 1_000) !== undefined).toBe(expected);
});

test('of two silences the one that lasts longer is shown', () => {
  const longer = silence({ silenceId: 'longer', until: 9_000 });
  expect(silenceOf(alert, [silence({}), longer], 1_000)).toBe(longer);
});

test.each([
  [{ rule: 'RULE_A', orderId: 'o-1' }, 'Rule A on order o-1'],
  [{ rule: null, orderId: 'o-1' }, 'Every rule on order o-1'],
  [{ rule: 'RULE_C', orderId: null }, 'Rule C on every order'],
  [{ rule: null, orderId: null }, 'Every rule on every order'],
] as const)('a silence of %j is about: %s', (matcher, words) => {
  expect(silenceWords(matcher)).toBe(words);
});
