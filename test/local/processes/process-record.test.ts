import { judgeLeftover, parseRecord } from '../../../local/processes/process-record';

const record = { name: 'kafka', pid: 4711, startedAt: 'boot-1/100' };

describe('a pid file', () => {
  test('of the process that wrote it and still runs names an orphan', () => {
    const leftover = judgeLeftover(record, () => ({ kind: 'running', startedAt: 'boot-1/100' }));
    expect(leftover).toEqual({ kind: 'orphan', pid: 4711 });
  });

  test('whose pid is now another process is stale', () => {
    const leftover = judgeLeftover(record, () => ({ kind: 'running', startedAt: 'boot-1/999' }));
    expect(leftover).toEqual({ kind: 'stale' });
  });

  test('from before a reboot is stale, though pid and ticks agree', () => {
    const leftover = judgeLeftover(record, () => ({ kind: 'running', startedAt: 'boot-2/100' }));
    expect(leftover).toEqual({ kind: 'stale' });
  });

  test('whose process is gone is stale', () => {
    expect(judgeLeftover(record, () => ({ kind: 'absent' }))).toEqual({ kind: 'stale' });
  });

  test('that is not there or not whole means nothing is left', () => {
    const running = () => ({ kind: 'running', startedAt: '' }) as const;
    expect(judgeLeftover(undefined, running)).toEqual({ kind: 'nothing' });
    expect(judgeLeftover(parseRecord('{"name":"kafka","pi'), running)).toEqual({ kind: 'nothing' });
  });

  test.each([0, 1, -1, 1.5, '4711', null])('with pid %p is refused', (pid) => {
    expect(parseRecord(JSON.stringify({ ...record, pid }))).toBeUndefined();
  });

  test('reads back as it was written', () => {
    expect(parseRecord(JSON.stringify(record))).toEqual(record);
  });
});
