import { setImmediate as turn } from 'node:timers/promises';
import { RestoreLine } from '../../../../streams/runtime/task/restore-line';

/** A store to be built, and whether it is being, until `finish`. */
class Build {
  begun = false;
  finish!: () => void;
  readonly leave = new AbortController();
  readonly ended: Promise<string>;

  constructor(line: RestoreLine, name: string, failure?: Error) {
    this.ended = line.turn(this.leave.signal, async () => {
      this.begun = true;
      await new Promise<void>((resolve) => (this.finish = resolve));
      if (failure !== undefined) throw failure;
      return name;
    });
    this.ended.catch(() => undefined);
  }
}

const line = new RestoreLine();

test('one store is built after the other, in the order of asking', async () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => new Build(line, name)) as [Build, Build, Build];
  await turn();
  expect([a.begun, b.begun, c.begun]).toEqual([true, false, false]);
  a.finish();
  await turn();
  expect([b.begun, c.begun]).toEqual([true, false]);
  b.finish();
  await turn();
  c.finish();
  expect(await Promise.all([a.ended, b.ended, c.ended])).toEqual(['a', 'b', 'c']);
});

test('one that fails makes room for the next', async () => {
  const failing = new Build(line, 'failing', new Error('no disk'));
  const next = new Build(line, 'next');
  await turn();
  failing.finish();
  await expect(failing.ended).rejects.toThrow('no disk');
  await turn();
  next.finish();
  expect(await next.ended).toBe('next');
});

test('one that leaves does not wait, and those behind it still wait for those before', async () => {
  const before = new Build(line, 'before');
  const leaving = new Build(line, 'leaving');
  const behind = new Build(line, 'behind');
  await turn();
  leaving.leave.abort();
  await turn();
  expect(leaving.begun).toBe(true);
  leaving.finish();
  expect(await leaving.ended).toBe('leaving');
  await turn();
  expect(behind.begun).toBe(false);
  before.finish();
  await turn();
  expect(behind.begun).toBe(true);
  behind.finish();
  await behind.ended;
});
