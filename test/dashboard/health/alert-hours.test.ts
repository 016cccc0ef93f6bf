import { alertHoursOf } from '../../../dashboard/health/alert-hours';
import { servicesOf } from '../../../dashboard/health/service-health';

const HOUR_MS = 3_600_000;
const now = 1_000 * HOUR_MS + 60_000;

test('alerts are counted in the hour in which they were raised, by rule', () => {
  const { hours, counts } = alertHoursOf(
    [
      { rule: 'RULE_C', raisedAt: now },
      { rule: 'RULE_C', raisedAt: now - HOUR_MS },
      { rule: 'RULE_A', raisedAt: now - HOUR_MS },
      { rule: 'RULE_A', raisedAt: now - 100 * HOUR_MS },
    ],
    now,
  );
  expect(hours).toHaveLength(24);
  expect(counts.map(({ rule, values }) => [rule, ...values.slice(-2)])).toEqual([
    ['RULE_A', 1, 0],
    ['RULE_C', 1, 1],
  ]);
});

test('a service that is down says why', () => {
  const body = {
    components: {
      kafka: { status: 'UP' },
      redis: { status: 'DOWN', details: { reason: 'SESSIONS_UNAVAILABLE' } },
    },
  };
  expect(servicesOf(body)).toEqual([
    { name: 'kafka', isUp: true, reason: '' },
    { name: 'redis', isUp: false, reason: 'SESSIONS_UNAVAILABLE' },
  ]);
});
