import { quietAmong } from '../../../dashboard/alerts/incidents';
import type { IncidentList } from '../../../edge/contract/api-types';
import { sampleAlert } from './sample-alert';

const alert = sampleAlert();

function listed(explainedBy: 'PAYPAY_DEGRADED' | null, rule: 'RULE_A' | 'RULE_B'): IncidentList {
  return {
    next: null,
    incidents: [
      {
        incidentId: 'RULE_A/alert-1',
        rule: 'RULE_A',
        severity: 'P1',
        startedAt: 1_000,
        lastDetectedAt: 1_000,
        moneyAtRisk: 1_200,
        currency: 'JPY',
        count: 1,
        alertIds: [alert.alertId],
        explainedBy,
        quiet: false,
      },
    ],
    conditions: [],
    silences: [
      { silenceId: 's', rule, orderId: null, until: 9_000, author: 'ops', reason: 'maintenance' },
    ],
  };
}

test('an alert that somebody silenced says by whom, even when an outage explains it too', () => {
  const quiet = quietAmong(listed('PAYPAY_DEGRADED', 'RULE_A'))(alert, 1_000);
  expect(quiet).toMatchObject({ kind: 'silenced', silence: { author: 'ops' } });
});

test('an alert of an explained incident says what explains it', () => {
  const quiet = quietAmong(listed('PAYPAY_DEGRADED', 'RULE_B'))(alert, 1_000);
  expect(quiet).toEqual({ kind: 'explained', by: 'PAYPAY_DEGRADED' });
});

test('any other alert is loud, and so is one while nothing is known', () => {
  expect(quietAmong(listed(null, 'RULE_B'))(alert, 1_000)).toEqual({ kind: 'no' });
  expect(quietAmong(undefined)(alert, 1_000)).toEqual({ kind: 'no' });
});
