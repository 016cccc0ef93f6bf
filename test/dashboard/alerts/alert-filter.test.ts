import {
  arranged,
  concerns,
  filterOf,
  needsResolved,
  queryOf,
  type AlertFilter,
} from '../../../dashboard/alerts/alert-filter';
import { sampleAlert } from './sample-alert';

describe('the filter in the address', () => {
  test('is what is not resolved when the address says nothing', () => {
    const all = { rule: null, severity: null, owner: null, grouped: false };
    expect(filterOf({})).toEqual({ status: 'UNRESOLVED', ...all });
  });

  test('leaves out what makes no sense', () => {
    expect(filterOf({ status: 'BROKEN', rule: ['RULE_A'], severity: 'P9', group: 'x' })).toEqual(
      filterOf({}),
    );
  });

  test.each<AlertFilter>([
    { status: 'UNRESOLVED', rule: null, severity: null, owner: null, grouped: false },
    { status: 'RESOLVED', rule: 'RULE_C', severity: 'P1', owner: 'me', grouped: false },
    { status: 'ALL', rule: null, severity: 'P2', owner: 'a@example.com', grouped: true },
  ])('is read as it was written: %o', (filter) => {
    expect(filterOf(queryOf(filter))).toEqual(filter);
  });

  test('asks for resolved alerts only when they are to be shown', () => {
    expect(needsResolved(filterOf({ status: 'ALL' }))).toBe(true);
    expect(needsResolved(filterOf({}))).toBe(false);
  });
});

describe('the list', () => {
  const ids = (filter: AlertFilter) =>
    arranged(alerts, filter, 'me@example.com').map(({ alertId }) => alertId);
  const alerts = [
    sampleAlert({ alertId: 'young', detectedAt: 3_000 }),
    sampleAlert({ alertId: 'mild', severity: 'P2', detectedAt: 500, rule: 'RULE_E' }),
    sampleAlert({
      alertId: 'old',
      detectedAt: 1_000,
      status: 'ACKNOWLEDGED',
      owner: 'me@example.com',
    }),
    sampleAlert({ alertId: 'over', detectedAt: 2_000, status: 'RESOLVED', rule: 'RULE_C' }),
  ];

  test('has the severe before the mild, the old before the young, and what is over last', () => {
    expect(ids(filterOf({ status: 'ALL' }))).toEqual(['old', 'young', 'mild', 'over']);
  });

  test('has what somebody owns among what is not resolved', () => {
    expect(ids(filterOf({}))).toEqual(['old', 'young', 'mild']);
    expect(ids(filterOf({ status: 'OPEN' }))).toEqual(['young', 'mild']);
  });

  test('has only the rule that was chosen', () => {
    expect(ids(filterOf({ status: 'ALL', rule: 'RULE_C' }))).toEqual(['over']);
  });

  test('has only mine, nobody’s, or those of an owner by name', () => {
    expect(ids(filterOf({ owner: 'me' }))).toEqual(['old']);
    expect(ids(filterOf({ owner: 'nobody' }))).toEqual(['young', 'mild']);
    expect(ids(filterOf({ owner: 'me@example.com' }))).toEqual(['old']);
    expect(ids(filterOf({ owner: 'other@example.com' }))).toEqual([]);
  });

  test('has only the severity that was chosen', () => {
    expect(ids(filterOf({ severity: 'P2' }))).toEqual(['mild']);
  });
});

describe('the incidents', () => {
  const incident = { rule: 'RULE_B', severity: 'P1' } as const;

  test('are those of the rule and the severity that were chosen', () => {
    expect(concerns(filterOf({}), incident)).toBe(true);
    expect(concerns(filterOf({ rule: 'RULE_B', severity: 'P1' }), incident)).toBe(true);
    expect(concerns(filterOf({ rule: 'RULE_C' }), incident)).toBe(false);
    expect(concerns(filterOf({ rule: 'RULE_B', severity: 'P2' }), incident)).toBe(false);
  });
});
