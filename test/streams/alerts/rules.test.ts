import { RULES } from '../../../streams/alerts/rules';
import { alertRules } from '../../../topics/alert-rules';

test('every rule of the catalogue judges facts, but the one that judges actions', () => {
  const judging = RULES.map(({ name }) => name).sort();
  expect(judging).toEqual(alertRules.filter((rule) => rule !== 'RULE_F').sort());
});
