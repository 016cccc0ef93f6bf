/**
 * Owns the answer to "is the process with this pid still the one I knew?". Pids are reused, so a
 * process is known by pid and start time together; the start time is only compared, never read.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export type Sighting =
  { readonly kind: 'absent' } | { readonly kind: 'running'; readonly startedAt: string };

const absent: Sighting = { kind: 'absent' };

/** A zombie counts as absent: it holds no port and no file, and no signal reaches it. */
export function sight(pid: number): Sighting {
  return process.platform === 'linux' ? sightInProc(pid) : sightByPs(pid);
}

function sightInProc(pid: number): Sighting {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return absent;
  }
  return sightingOfStat(stat, bootId());
}

/**
 * `stat` as proc(5) describes it. The command in parentheses may itself hold spaces and
 * parentheses, so fields are counted from the last one. Start times count from boot, hence the
 * boot id.
 */
export function sightingOfStat(stat: string, boot: string): Sighting {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  const startTicks = fields[19];
  if (state === undefined || startTicks === undefined || state === 'Z' || state === 'X') {
    return absent;
  }
  return { kind: 'running', startedAt: `${boot}/${startTicks}` };
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

function sightByPs(pid: number): Sighting {
  let line: string;
  try {
    line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    }).trim();
  } catch {
    return absent;
  }
  const [state, ...startedAt] = line.split(/\s+/);
  return state === undefined || state.startsWith('Z')
    ? absent
    : { kind: 'running', startedAt: startedAt.join(' ') };
}
