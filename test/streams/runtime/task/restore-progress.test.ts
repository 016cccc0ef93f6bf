import { TASK_LIMITS } from '../../../../streams/runtime/limits';
import { RestoreProgress } from '../../../../streams/runtime/task/restore-progress';

const { restoreReportMs } = TASK_LIMITS;

test('the rate counts records and the time left counts offsets, which have gaps', () => {
  const progress = new RestoreProgress({ from: 1_000, to: 5_000 }, 0);
  progress.applied(500, 2_000);
  expect(progress.report(10_000)).toEqual({
    records: 500,
    recordsPerSecond: 50,
    offsetsLeft: 3_000,
    secondsLeft: 30,
  });
});

test('before anything was read nobody knows how long it takes', () => {
  const progress = new RestoreProgress({ from: 0, to: 5_000 }, 0);
  expect(progress.report(10_000)).toMatchObject({ records: 0, secondsLeft: Infinity });
});

test('with nothing to read it is done', () => {
  const progress = new RestoreProgress({ from: 5, to: 5 }, 0);
  expect(progress.report(0)).toMatchObject({ offsetsLeft: 0, secondsLeft: 0 });
});

test('B1: it is time for a line in the log once in a while, however often it is asked', () => {
  const progress = new RestoreProgress({ from: 0, to: 10 }, 0);
  const due = (now: number) => progress.isDue(now, restoreReportMs);
  expect([due(1), due(restoreReportMs - 1)]).toEqual([false, false]);
  expect([due(restoreReportMs), due(restoreReportMs + 1)]).toEqual([true, false]);
  expect(due(2 * restoreReportMs)).toBe(true);
});
