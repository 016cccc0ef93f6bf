import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { sight, sightingOfStat } from '../../../local/processes/process-identity';

const statTail = 'S 1 20 20 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 11 0 998877 1 2 3';

describe('a process', () => {
  test('is known by boot and start time', () => {
    expect(sightingOfStat(`20 (node) ${statTail}`, 'boot')).toEqual({
      kind: 'running',
      startedAt: 'boot/998877',
    });
  });

  test('may have spaces and parentheses in its name', () => {
    expect(sightingOfStat(`20 (a) S 1 (b) ${statTail}`, 'boot')).toEqual({
      kind: 'running',
      startedAt: 'boot/998877',
    });
  });

  test('that is a zombie is absent', () => {
    expect(sightingOfStat(`20 (node) ${statTail.replace('S', 'Z')}`, 'boot').kind).toBe('absent');
  });

  test('is seen with the same start time every time, and not after its end', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
    const pid = child.pid ?? 0;
    const first = sight(pid);
    expect(first.kind).toBe('running');
    expect(sight(pid)).toEqual(first);
    child.stdin.end();
    await once(child, 'exit');
    expect(sight(pid)).toEqual({ kind: 'absent' });
  });
});
