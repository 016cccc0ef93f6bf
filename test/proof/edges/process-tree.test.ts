import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { freeze, thaw, treeOf } from '../../../proof/edges/process-tree';
import { until } from '../../simulator/until';

let child: ChildProcess;

afterEach(() => {
  for (const pid of treeOf(child.pid ?? NaN)) process.kill(pid, 'SIGKILL');
});

function statesOf(pids: readonly number[]): readonly string[] {
  const listed = execFileSync('ps', ['-o', 'stat=', '-p', pids.join(',')], { encoding: 'utf8' });
  return listed
    .trim()
    .split('\n')
    .map((state) => state.trim().charAt(0));
}

test('a process is frozen with its children, and goes on with them', async () => {
  child = spawn('sh', ['-c', 'sleep 60 & wait']);
  const pid = child.pid ?? NaN;
  await until(() => treeOf(pid).length === 2);
  const tree = treeOf(pid);
  freeze(pid);
  await until(() => statesOf(tree).every((state) => state === 'T'));
  thaw(pid);
  await until(() => statesOf(tree).every((state) => state !== 'T'));
});
