import { scenarioNamed, scenarios } from '../../../proof/scenarios/catalogue';

test('every scenario has a name of its own, by which it is found', () => {
  const names = scenarios.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(scenarioNamed(name)?.name).toBe(name);
  }
  expect(scenarioNamed('nonsense')).toBeUndefined();
});

test('each rule about payments is brought about by a scenario', () => {
  const rules = new Set(scenarios.flatMap(({ alerts = [] }) => alerts));
  expect([...rules].sort()).toEqual(['RULE_A', 'RULE_B', 'RULE_C', 'RULE_D', 'RULE_E']);
});
