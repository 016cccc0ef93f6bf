import { AlertWatch } from '../../../dashboard/alerts/alert-watch';
import { EdgeApi } from '../../../dashboard/api/edge-api';
import type { AlertList, AlertView, OpsSnapshot } from '../../../edge/contract/api-types';
import { sampleAlert } from './sample-alert';

const money = (amount: number) => [{ currency: 'JPY', amount }];

function snapshot(alerts: AlertView[], total: number): OpsSnapshot {
  return { kind: 'ops', alerts, total, moneyAtRisk: money(total * 1_200), positions: [] };
}

/** A watch whose edge has this list to give; nothing comes live. */
function watching(list: AlertList) {
  const api = new EdgeApi();
  jest.spyOn(api, 'alerts').mockResolvedValue({ kind: 'ok', value: list });
  return new AlertWatch(api, { enter: () => () => undefined });
}

describe('the watch of all alerts', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('tells no totals of its own while the board has every alert', () => {
    const watch = watching({ alerts: [], total: 0, moneyAtRisk: [], next: null });
    watch.snapshot(snapshot([sampleAlert()], 1));
    expect(watch.totals.value).toBeNull();
  });

  test('tells the edge’s totals while there are more than one list holds, and keeps them fresh', async () => {
    const second = sampleAlert({ alertId: 'alert-2' });
    const watch = watching({ alerts: [second], total: 1, moneyAtRisk: money(1_200), next: null });
    watch.snapshot(snapshot([sampleAlert()], 300));
    expect(watch.totals.value).toEqual({ total: 300, moneyAtRisk: money(360_000) });
    await jest.advanceTimersByTimeAsync(5_000);
    expect(watch.totals.value).toBeNull();
    expect(watch.board.value.alerts.has('alert-2')).toBe(true);
  });
});
