import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sight } from '../../../local/processes/process-identity';
import { readRecord } from '../../../local/processes/process-record';
import { waitUntil } from '../../../local/services/readiness';
import { projectFolder } from '../../../local/stack/stack-folders';
import {
  pidFileOf,
  stopLeftover,
  SupervisedProcess,
  type ProcessExit,
  type ProcessSpec,
} from '../../../local/processes/supervised-process';
import { temporaryFolder, type TemporaryFolder } from '../temporary-folder';

/** Writes what it lives through to its log; ready once the log says "up". */
const obedient = `
  console.log('up');
  process.on('SIGTERM', () => { console.log('asked to stop'); process.exit(0); });
  setInterval(() => {}, 1000);
`;
const stubborn = `
  process.on('SIGTERM', () => console.log('no'));
  console.log('up');
  setInterval(() => {}, 1000);
`;

let folder: TemporaryFolder;
let started: SupervisedProcess[];

beforeEach(() => {
  folder = temporaryFolder();
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map((process) => process.kill()));
  folder.remove();
});

function log(): string {
  const file = path.join(folder.path, 'probe.log');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function supervise(program: string, changes: Partial<ProcessSpec> = {}): SupervisedProcess {
  const process_ = new SupervisedProcess(
    {
      name: 'probe',
      command: process.execPath,
      args: ['-e', program],
      folder: folder.path,
      environment: process.env,
      ready: () => log().includes('up'),
      readyWithinMs: 10_000,
      stopWithinMs: 10_000,
      ...changes,
    },
    { log: folder.path, run: folder.path },
  );
  started.push(process_);
  return process_;
}

function pidFile(): string {
  return pidFileOf(folder.path, 'probe');
}

describe('a supervised process', () => {
  test('is started once it is ready, with a pid file that names it', async () => {
    const child = supervise(obedient);
    await child.start();
    expect(log()).toBe('up\n');
    expect(readRecord(pidFile())?.pid).toBe(child.pid);
  });

  test('leads a process group of its own, which a Ctrl-C in the terminal does not reach', async () => {
    const child = supervise(obedient);
    await child.start();
    expect(() => process.kill(-(child.pid ?? 0), 0)).not.toThrow();
  });

  test('is asked to stop, and is gone with its pid file when stop resolves', async () => {
    const child = supervise(obedient);
    await child.start();
    const pid = child.pid ?? 0;
    await child.stop();
    expect(log()).toBe('up\nasked to stop\n');
    expect(sight(pid).kind).toBe('absent');
    expect(existsSync(pidFile())).toBe(false);
  });

  test('that does not stop when asked is killed after its limit', async () => {
    const child = supervise(stubborn, { stopWithinMs: 50 });
    await child.start();
    const pid = child.pid ?? 0;
    await child.stop();
    expect(log()).toContain('no');
    expect(sight(pid).kind).toBe('absent');
  });

  test('takes what it had itself started with it', async () => {
    const child = supervise(`
      const { spawn } = require('node:child_process');
      const grandchild = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      console.log('up ' + grandchild.pid);
      setInterval(() => {}, 1000);
    `);
    await child.start();
    const grandchild = Number(/up (\d+)/.exec(log())?.[1]);
    expect(sight(grandchild).kind).toBe('running');
    await child.stop();
    const gone = await waitUntil(() => sight(grandchild).kind === 'absent', { withinMs: 5_000 });
    expect(gone.kind).toBe('held');
  });

  test('can be stopped twice', async () => {
    const child = supervise(obedient);
    await child.start();
    await Promise.all([child.stop(), child.stop()]);
    await child.stop();
    expect(child.pid).toBeUndefined();
  });

  test('restarts as another process and keeps the log of the start before', async () => {
    const child = supervise(obedient);
    await child.start();
    const before = child.pid;
    await child.restart();
    expect(child.pid).not.toBe(before);
    expect(log()).toBe('up\n');
    expect(readFileSync(path.join(folder.path, 'probe.1.log'), 'utf8')).toContain('asked to stop');
  });

  test('keeps the logs of its last four starts, no more', async () => {
    const child = supervise(obedient);
    await child.start();
    for (let round = 0; round < 5; round += 1) await child.restart();
    const logs = readdirSync(folder.path).filter((name) => name.endsWith('.log'));
    expect(logs.sort()).toEqual(['probe.1.log', 'probe.2.log', 'probe.3.log', 'probe.log']);
  });

  test('that ends by itself is told of', async () => {
    const child = supervise(`console.log('up'); setTimeout(() => process.exit(3), 200)`);
    const exit = new Promise<ProcessExit>((resolve) => child.onExit(resolve));
    await child.start();
    expect(await exit).toEqual({ kind: 'code', code: 3 });
    expect(child.pid).toBeUndefined();
  });

  test('that was asked to stop is not told of', async () => {
    const child = supervise(obedient);
    const exits: ProcessExit[] = [];
    child.onExit((exit) => exits.push(exit));
    await child.start();
    await child.stop();
    expect(exits).toEqual([]);
  });
});

describe('a start that fails', () => {
  test('because the process ends says how, and shows the end of its log', async () => {
    const child = supervise(`console.log('no such table'); process.exit(4)`);
    await expect(child.start()).rejects.toMatchObject({
      code: 'PROCESS_EXITED',
      message: expect.stringMatching(/ended with status 4 (.|\n)*no such table/) as string,
    });
  });

  test('because the command does not exist says so by status 127', async () => {
    const child = supervise('', { command: path.join(folder.path, 'missing') });
    await expect(child.start()).rejects.toThrow('ended with status 127');
  });

  test('because it is never ready leaves nothing running', async () => {
    const child = supervise(obedient, { ready: () => false, readyWithinMs: 300 });
    await expect(child.start()).rejects.toMatchObject({ code: 'PROCESS_NOT_READY' });
    expect(child.pid).toBeUndefined();
    expect(existsSync(pidFile())).toBe(false);
  });

  test('because it is abandoned leaves nothing running', async () => {
    const abandon = new AbortController();
    const ready = (): boolean => {
      if (log().includes('up')) abandon.abort();
      return false;
    };
    const child = supervise(obedient, { ready });
    await expect(child.start(abandon.signal)).rejects.toMatchObject({ code: 'STOPPED' });
    expect(child.pid).toBeUndefined();
  });
});

describe('what a killed supervisor left behind', () => {
  /** Another Node process supervises, and is killed as by `kill -9`. */
  async function orphan(): Promise<number> {
    const script = `
      const { SupervisedProcess } = require(${JSON.stringify(
        path.join(projectFolder, 'local/processes/supervised-process.ts'),
      )});
      const folders = { log: ${JSON.stringify(folder.path)}, run: ${JSON.stringify(folder.path)} };
      new SupervisedProcess({
        name: 'probe', command: process.execPath, folder: folders.run, environment: process.env,
        args: ['-e', ${JSON.stringify(obedient)}],
        ready: () => require('node:fs').readFileSync(folders.log + '/probe.log', 'utf8') === 'up\\n',
        readyWithinMs: 10000, stopWithinMs: 1000,
      }, folders).start().then(() => process.send('started'));
    `;
    const supervisor = spawn(process.execPath, ['--import', 'tsx', '-e', script], {
      cwd: projectFolder,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    await once(supervisor, 'message');
    supervisor.kill('SIGKILL');
    await once(supervisor, 'exit');
    return readRecord(pidFile())?.pid ?? 0;
  }

  test('still runs, and is stopped by the next start', async () => {
    const left = await orphan();
    expect(sight(left).kind).toBe('running');
    const child = supervise(obedient);
    await child.start();
    expect(sight(left).kind).toBe('absent');
    expect(readFileSync(path.join(folder.path, 'probe.1.log'), 'utf8')).toContain('asked to stop');
  });

  test('is found by its pid file, and only once', async () => {
    await orphan();
    expect(await stopLeftover(pidFile(), 10_000)).toBe(true);
    expect(await stopLeftover(pidFile(), 10_000)).toBe(false);
  });

  test('is never a process that merely has the pid now', async () => {
    const stranger = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { detached: true });
    const record = { name: 'probe', pid: stranger.pid, startedAt: 'long ago' };
    writeFileSync(pidFile(), JSON.stringify(record));
    expect(await stopLeftover(pidFile(), 10_000)).toBe(false);
    expect(sight(stranger.pid ?? 0).kind).toBe('running');
    stranger.stdin.end();
    await once(stranger, 'exit');
  });
});
