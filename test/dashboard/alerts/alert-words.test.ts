import { auditText, repairText } from '../../../dashboard/alerts/alert-words';
import { sampleAlert } from './sample-alert';

test('a repair says what it is, how it went and why', () => {
  expect(repairText(sampleAlert())).toBe('');
  const failed = { actionStatus: 'FAILED', actionDetail: 'PayPay refused.' } as const;
  const text = repairText(sampleAlert({ action: 'REFUND', ...failed }));
  expect(text).toBe('Refund: failed. PayPay refused.');
});

test.each([
  ['AlertNoted', { note: 'called the shopper' }, 'Note: called the shopper'],
  [
    'AlertActionStarted',
    { action: 'REFUND', reason: 'paid twice' },
    'Refund: asked for, because: paid twice',
  ],
  [
    'AlertResolved',
    { resolvedBy: 'OPERATOR', detail: 'settled by phone' },
    'Resolved by an operator: settled by phone',
  ],
  [
    'AlertCommandRefused',
    { command: 'AlertResolveRequested', reason: 'STALE_VERSION' },
    'Refused (AlertResolveRequested): The alert had changed by then.',
  ],
  ['SomethingNew', {}, 'SomethingNew'],
])('%s with %j is "%s" in the audit', (type, payload, words) => {
  expect(auditText({ type, payload })).toBe(words);
});
