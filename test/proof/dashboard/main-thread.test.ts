import { longestOf, type TraceEvent } from '../../../proof/dashboard/main-thread';

const mainThread: TraceEvent = {
  ...{ name: 'thread_name', ph: 'M', pid: 7, tid: 1, args: { name: 'CrRendererMain' } },
};

function task(tid: number, tookMs: number, usedMs: number): TraceEvent {
  const [dur, tdur] = [tookMs * 1_000, usedMs * 1_000];
  return { name: 'ThreadControllerImpl::RunTask', ph: 'X', pid: 7, tid, dur, tdur };
}

test('the longest task is not the one that used the most', () => {
  expect(longestOf([mainThread, task(1, 300, 40), task(1, 90, 80)])).toEqual({
    ...{ tookMs: 300, usedMs: 80 },
  });
});

test('tasks of other threads do not hold up the page', () => {
  expect(longestOf([mainThread, task(2, 900, 900), task(1, 10, 9)])).toEqual({
    ...{ tookMs: 10, usedMs: 9 },
  });
});

test('a trace without a task of the page is no page without long tasks', () => {
  expect(() => longestOf([mainThread, task(2, 900, 900)])).toThrow('no task of the page');
});
