import { alertsConditions } from '../../../topics/alerts';
import type { EventOf } from '../../../schemas/event';
import { paymentsDefaults } from '../../../streams/payments/settings';
import { HEARD, judged, type Silence } from '../../../streams/payments/webhook-silence';
import { PaymentsDrive } from './payments-drive';

const { silence: settings } = paymentsDefaults;

/** What the conditions say after each of the counts. */
function conditionsAfter(
  ...counts: readonly (readonly [byWebhook: number, byAsking: number])[]
): readonly (boolean | undefined)[] {
  let silence: Silence = HEARD;
  return counts.map(([byWebhook, byAsking], index) => {
    const next = judged(silence, countsOf(byWebhook, byAsking, index), cause(index), settings);
    silence = next.silence;
    return next.condition?.active;
  });
}

function cause(index: number) {
  return { id: `counts-${index}`, at: 1_000 * index };
}

function countsOf(byWebhook: number, byAsking: number, index: number) {
  const since = 1_000 * index;
  return {
    type: 'SettlementsCounted',
    eventId: `counts-${index}`,
    occurredAt: since,
    causationId: '',
    correlationId: '',
    since,
    byWebhook,
    byAsking,
  } satisfies EventOf<'SettlementsCounted'>;
}

test('webhooks are silent after five successes that only asking brought to light', () => {
  expect(conditionsAfter([0, 4], [0, 1], [0, 7])).toEqual([undefined, true, undefined]);
});

test('webhooks are heard again after three that came', () => {
  expect(conditionsAfter([0, 5], [2, 0], [1, 0], [9, 0])).toEqual([
    true,
    undefined,
    false,
    undefined,
  ]);
});

test('a poll that is faster than a webhook now and then is no silence', () => {
  const mostlyTold = Array.from({ length: 50 }, () => [4, 1] as const);
  expect(conditionsAfter(...mostlyTold)).toEqual(mostlyTold.map(() => undefined));
});

test('a share between the two bounds changes nothing, whichever holds', () => {
  const between = Array.from({ length: 20 }, () => [2, 3] as const);
  expect(conditionsAfter(...between)).toEqual(between.map(() => undefined));
  expect(conditionsAfter([0, 5], ...between)).toEqual([true, ...between.map(() => undefined)]);
});

test('successes from before the latest twenty are forgotten', () => {
  const long = Array.from({ length: 100 }, () => [10, 0] as const);
  expect(conditionsAfter(...long, [0, 10], [0, 10])).toEqual([
    ...long.map(() => undefined),
    undefined,
    true,
  ]);
});

test('the condition says since when, and of how many payments webhooks told', () => {
  const { condition } = judged(HEARD, countsOf(0, 6, 3), cause(9), settings);
  expect(condition).toMatchObject({ condition: 'WEBHOOKS_SILENT', active: true, since: 3_000 });
  expect(condition?.detail).toContain('0 of the latest 6');
});

describe('the payments app', () => {
  const oneIsEnough = { ...settings, silentMin: 1, heardMin: 1 };

  async function paidBy(purpose: 'POLL' | 'NOTIFICATION') {
    const drive = await PaymentsDrive.start({ silence: oneIsEnough });
    await drive.waitingShopper();
    if (purpose === 'POLL') await drive.advance(4_000);
    else await drive.notified();
    await drive.observed(drive.request('PaymentStatusRequested'), 'COMPLETED');
    await drive.advance(paymentsDefaults.tallyMs - 1);
    expect(drive.driver.events(alertsConditions)).toEqual([]);
    await drive.advance(1);
    return drive;
  }

  test('raises the condition when polls settle what webhooks should have', async () => {
    const drive = await paidBy('POLL');
    expect(drive.driver.events(alertsConditions)).toMatchObject([
      { condition: 'WEBHOOKS_SILENT', active: true },
    ]);
  });

  test('raises none while webhooks settle', async () => {
    const drive = await paidBy('NOTIFICATION');
    expect(drive.driver.events(alertsConditions)).toEqual([]);
  });
});
