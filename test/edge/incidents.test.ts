import type { AlertView } from '../../edge/contract/api-types';
import type { ConditionView, SilenceView } from '../../edge/contract/incident';
import { incidentPage, incidentsOf, type Surroundings } from '../../edge/incidents';
import { ORDER_ID, alertRow } from './rows';

const MINUTE_MS = 60_000;
const NOTHING: Surroundings = { conditions: [], silences: [] };

function alert(alertId: string, atMinute: number, change: Partial<AlertView> = {}): AlertView {
  return { ...alertRow().alert, alertId, detectedAt: atMinute * MINUTE_MS, ...change };
}

function degradedSince(minute: number): ConditionView {
  return { condition: 'PAYPAY_DEGRADED', since: minute * MINUTE_MS, detail: 'the circuit is open' };
}

function silence(change: Partial<SilenceView>): SilenceView {
  const author = 'ops@example.com';
  const fields = { silenceId: 's1', until: 9e12, author, reason: 'maintenance' };
  return { ...fields, rule: null, orderId: null, ...change };
}

/** [incident's alerts, what explains it, whether it is quiet] */
function told(alerts: readonly AlertView[], surroundings = NOTHING): readonly unknown[] {
  return incidentsOf(alerts, surroundings).map(({ alertIds, explainedBy, quiet }) => [
    alertIds.join(' '),
    explainedBy,
    quiet,
  ]);
}

test('alerts of one rule that follow each other closely are one incident', () => {
  const alerts = [
    alert('a4', 20),
    alert('c1', 1, { rule: 'RULE_C' }),
    alert('a3', 8),
    alert('a1', 0),
    alert('a2', 4),
  ];
  expect(told(alerts)).toEqual([
    ['a1 a2 a3', null, false],
    ['c1', null, false],
    ['a4', null, false],
  ]);
});

test('an incident adds up the money at risk of its alerts', () => {
  const [incident] = incidentsOf([alert('a1', 0), alert('a2', 1)], NOTHING);
  expect(incident).toMatchObject({
    moneyAtRisk: 1_600,
    startedAt: 0,
    lastDetectedAt: MINUTE_MS,
    severity: 'P1',
  });
});

test('an outage of PayPay explains what it causes from a moment before it was noticed', () => {
  const surroundings = { ...NOTHING, conditions: [degradedSince(10)] };
  const alerts = [alert('before', 8), alert('during', 9.5), alert('twice', 10, { rule: 'RULE_D' })];
  expect(told(alerts, surroundings)).toEqual([
    ['before', null, false],
    ['twice', null, false],
    ['during', 'PAYPAY_DEGRADED', true],
  ]);
});

test('no outage explains money that PayPay says was taken or sent back', () => {
  const conditions = [
    degradedSince(10),
    { ...degradedSince(10), condition: 'WEBHOOKS_SILENT' as const },
  ];
  const rules = ['RULE_B', 'RULE_C', 'RULE_D', 'RULE_E', 'RULE_F'] as const;
  const alerts = rules.map((rule) => alert(rule, 11, { rule, deadline: null }));
  expect(told(alerts, { ...NOTHING, conditions })).toEqual(
    rules.map((rule) => [rule, null, false]),
  );
});

test('an outage of PayPay explains a payment that could not be confirmed in time', () => {
  const surroundings = { ...NOTHING, conditions: [degradedSince(10)] };
  const unconfirmed = alert('b1', 11, { rule: 'RULE_B', deadline: 11 * MINUTE_MS });
  expect(told([unconfirmed], surroundings)).toEqual([['b1', 'PAYPAY_DEGRADED', true]]);
});

test('an incident is quiet when all its alerts are silenced, by rule or by order', () => {
  const alerts = [alert('a1', 0), alert('a2', 1, { orderId: 'another' })];
  const by = (change: Partial<SilenceView>) =>
    told(alerts, { ...NOTHING, silences: [silence(change)] });
  expect(by({ rule: 'RULE_A' })).toEqual([['a1 a2', null, true]]);
  expect(by({ orderId: ORDER_ID })).toEqual([['a1 a2', null, false]]);
  expect(by({ rule: 'RULE_B' })).toEqual([['a1 a2', null, false]]);
  expect(by({})).toEqual([['a1 a2', null, true]]);
});

test('no alert is in two incidents and none is left out', () => {
  const rules = ['RULE_A', 'RULE_B', 'RULE_C'] as const;
  const alerts = Array.from({ length: 60 }, (_, index) =>
    alert(`alert-${String(index)}`, (index * 7) % 41, { rule: rules[index % 3] ?? 'RULE_A' }),
  );
  const members = incidentsOf(alerts, NOTHING).flatMap(({ alertIds }) => alertIds);
  expect([...members].sort()).toEqual(alerts.map(({ alertId }) => alertId).sort());
});

test('an incident counts all its alerts, and names the oldest of them', () => {
  const many = Array.from({ length: 201 }, (_, n) => alert(`a${String(n)}`, n / 100));
  const [incident] = incidentsOf(many, NOTHING);
  expect(incident).toMatchObject({ count: 201 });
  expect(incident?.alertIds).toHaveLength(200);
});

test('pages of incidents hold each once, in order, however many began at one moment', () => {
  const [one] = incidentsOf([alert('a', 0)], NOTHING);
  if (one === undefined) throw new Error('no incident');
  const all = Array.from({ length: 450 }, (_, n) => ({
    ...one,
    incidentId: `RULE_A/${String(n).padStart(3, '0')}`,
    startedAt: Math.floor(n / 300),
    quiet: n >= 440,
  }));
  const read: string[] = [];
  let before: string | undefined;
  do {
    const { incidents, next } = incidentPage(all, before);
    read.push(...incidents.map(({ incidentId }) => incidentId));
    before = next ?? undefined;
  } while (before !== undefined);
  expect(read).toEqual(all.map(({ incidentId }) => incidentId));
});

test('what is no cursor of incidents is refused by name', () => {
  expect(() => incidentPage([], 'bm8')).toThrow(/before must be the `next`/);
});
