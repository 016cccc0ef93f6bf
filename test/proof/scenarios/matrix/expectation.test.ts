import { expectedEnd, inWords, isSame } from '../../../../proof/scenarios/matrix/expectation';
import { mixesOf, tableOf } from '../../../../proof/scenarios/matrix/matrix';
import { conflictIn, FAULTS, FAULTS_BY_KIND } from '../../../../simulator/fault-mix';

test('only what happens to money changes the end of an order, and not a refund that failed', () => {
  const paid = expectedEnd([]);
  expect(inWords(paid)).toBe('PAID, funds used, no alert');
  for (const fault of FAULTS) {
    const isMoney = (FAULTS_BY_KIND.money as readonly string[]).includes(fault);
    const moves = isMoney && fault !== 'refund-outside-failed';
    expect([fault, isSame(expectedEnd([fault]), paid)]).toEqual([fault, !moves]);
  }
});

test('a mix ends as its fault of money alone does', () => {
  expect(expectedEnd(['lost', 'late-success', 'forged'])).toEqual(expectedEnd(['late-success']));
});

test('ends that differ in one thing are not the same', () => {
  const end = expectedEnd(['failure-after-success']);
  expect(isSame(end, { ...end, alerts: '' })).toBe(false);
  expect(isSame(end, { ...end, alerts: 'RULE_B, RULE_B' })).toBe(false);
  expect(isSame(end, { ...end, funds: 'released' })).toBe(false);
  expect(isSame(end, { ...end })).toBe(true);
});

test('a seed gives the same mixes again, another gives others, and each fault is among them', () => {
  const mixes = mixesOf({ seed: 1, mixes: 200 });
  expect(mixesOf({ seed: 1, mixes: 200 })).toEqual(mixes);
  expect(mixesOf({ seed: 2, mixes: 200 })).not.toEqual(mixes);
  expect(new Set(mixes.flat())).toEqual(new Set(FAULTS));
  expect(mixes.filter((mix) => conflictIn(mix) !== undefined)).toEqual([]);
});

test('the table counts what was not as expected, for each fault and in all', () => {
  const row = { faults: ['lost'], expected: 'PAID', seen: 'PAID', held: true } as const;
  const table = tableOf([row, { ...row, seen: 'FAILED', held: false }]);
  expect(table).toMatch(/lost +1 of +2 as expected/);
  expect(table).toMatch(/FAILED {2}lost +PAID +FAILED/);
  expect(table).toMatch('1 of 2 mixes as expected');
});
