import { computed, effectScope, nextTick, shallowRef } from 'vue';
import { arranged, filterOf } from '../../../dashboard/alerts/alert-filter';
import { useSteadyList } from '../../../dashboard/alerts/steady-list';
import type { AlertView } from '../../../edge/contract/api-types';
import { sampleAlert } from './sample-alert';

function list(...alerts: readonly AlertView[]) {
  const known = shallowRef(byId(alerts));
  const listed = computed(() => arranged(known.value.values(), filterOf({}), 'me'));
  const scope = effectScope();
  const steady = scope.run(() => useSteadyList(listed, known));
  if (steady === undefined) throw new Error('the scope is not active');
  return { ...steady, known };
}

function byId(alerts: readonly AlertView[]): ReadonlyMap<string, AlertView> {
  return new Map(alerts.map((alert) => [alert.alertId, alert]));
}

function ids(alerts: readonly AlertView[]): readonly string[] {
  return alerts.map(({ alertId }) => alertId);
}

const first = sampleAlert({ alertId: 'first', detectedAt: 2_000 });
const older = sampleAlert({ alertId: 'older', detectedAt: 1_000 });

describe('a list that is being read', () => {
  test('does not jump when an alert comes that belongs above', async () => {
    const { rows, waiting, known } = list(first);
    known.value = byId([first, older]);
    await nextTick();
    expect(ids(rows.value)).toEqual(['first']);
    expect(ids(waiting.value)).toEqual(['older']);
  });

  test('takes what waits when it is asked to', () => {
    const { rows, waiting, show, known } = list(first);
    known.value = byId([first, older]);
    show();
    expect(ids(rows.value)).toEqual(['older', 'first']);
    expect(waiting.value).toEqual([]);
  });

  test('keeps a row whose alert was resolved, as resolved, until it is asked again', async () => {
    const { rows, show, known } = list(older, first);
    known.value = byId([{ ...older, status: 'RESOLVED' }, first]);
    await nextTick();
    expect(rows.value.map(({ status }) => status)).toEqual(['RESOLVED', 'OPEN']);
    show();
    expect(ids(rows.value)).toEqual(['first']);
  });

  test('takes the first alert by itself, since nothing can jump', async () => {
    const { rows, waiting, known } = list();
    known.value = byId([first]);
    await nextTick();
    expect(ids(rows.value)).toEqual(['first']);
    expect(waiting.value).toEqual([]);
  });
});
