/**
 * A service with all its children, stopped and continued as one. Signals to the group would not do:
 * Postgres gives each of its own processes a session, and they go on answering while it stands.
 */
import { execFileSync } from 'node:child_process';

/** Frozen: it keeps its connections and answers nothing. */
export function freeze(pid: number): void {
  signalTree(pid, 'SIGSTOP');
}

export function thaw(pid: number): void {
  signalTree(pid, 'SIGCONT');
}

function signalTree(pid: number, signal: NodeJS.Signals): void {
  // The parent first when it is to stop, so that it makes no further child meanwhile.
  for (const each of treeOf(pid)) {
    try {
      process.kill(each, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** The process and what it started, and so on. */
export function treeOf(pid: number): readonly number[] {
  const children = new Map<number, number[]>();
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).split('\n');
  for (const line of lines) {
    const [child = NaN, parent = NaN] = line.trim().split(/\s+/).map(Number);
    children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  const tree = [pid];
  for (const each of tree) tree.push(...(children.get(each) ?? []));
  return tree;
}
