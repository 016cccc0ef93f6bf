import { ManualClock } from '../../../platform/manual-clock';
import type { TaskView } from '../../../streams/runtime/watch/watchdog';
import { ViewTask } from '../../../streams/views/view-task';

const HEALTH = { partition: 0, state: 'running', lagRecords: 3 };

let done: string[];
let view: TaskView;
let endRound: () => void;
let task: ViewTask;

beforeEach(() => {
  done = [];
  view = { kind: 'reading', inputs: [] };
  const round = new Promise<void>((resolve) => (endRound = resolve));
  const reader = {
    doubt: () => void done.push('doubt'),
    healthOf: () => HEALTH,
    viewOf: () => view,
  };
  const deps = {
    reader,
    clock: new ManualClock(1_000),
    wake: () => void done.push('wake'),
    roundEnds: () => round,
  };
  task = new ViewTask(deps, 0, [{ topic: 'orders', partition: 0 }]);
});

test('it rests once the batch under way is over, which is not kept waiting', async () => {
  const held = task.hold().then(() => done.push('held'));
  expect(task.isHeld).toBe(true);
  expect(done).toEqual(['wake']);
  endRound();
  await held;
  expect(done).toEqual(['wake', 'held']);
  expect(task.health()).toEqual({ ...HEALTH, state: 'held' });
});

test('it is closed once the batch under way is over', async () => {
  const closed = task.close().then(() => done.push('closed'));
  expect(done).toEqual(['wake']);
  endRound();
  await closed;
  expect(done).toEqual(['wake', 'closed']);
});

test('after it was held Postgres is asked where reading goes on', async () => {
  task.release();
  expect(done).toEqual([]);
  endRound();
  await task.hold();
  task.release();
  expect(done).toEqual(['wake', 'doubt', 'wake']);
  expect(task.health()).toEqual(HEALTH);
});

test('a batch that hangs is seen as such, also while the task is to rest', () => {
  void task.hold();
  expect(task.view()).toEqual({ kind: 'held', since: 1_000 });
  view = { kind: 'busy', what: 'a batch', since: 900 };
  expect(task.view()).toEqual(view);
});
