/**
 * A process that is killed and started again, and what it tells: lines of a word, the wall clock in
 * ms, and more. Whatever else it says is kept for the message of its failure.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Told {
  readonly word: string;
  /** Wall clock, ms since the epoch. */
  readonly at: number;
  readonly more: readonly string[];
}

const LAST_LINES = 20;
const LOOK_AGAIN_MS = 5;

export class ProcessUnderTest {
  readonly told: Told[] = [];
  readonly startedAt = Date.now();
  private readonly noise: string[] = [];
  private readonly child: ChildProcess;
  private killed = false;

  constructor(command: string, args: readonly string[], cwd: string) {
    this.child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      if (stream !== null) createInterface(stream).on('line', (line) => this.hear(line));
    }
  }

  async kill(): Promise<number> {
    this.killed = true;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    if (this.child.exitCode === null && this.child.signalCode === null) await gone;
    return Date.now();
  }

  /** The first line of that word at or after `since`; rejects when the process ends without it. */
  async hears(word: string, since: number, withinMs: number): Promise<Told> {
    const until = Date.now() + withinMs;
    for (;;) {
      const found = this.told.find((line) => line.word === word && line.at >= since);
      if (found !== undefined) return found;
      if (Date.now() > until) throw new Error(`never said ${word}\n${this.noise.join('\n')}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }

  /** Throws when it ended although nobody killed it. */
  assertAlive(): void {
    if (this.killed || this.child.exitCode === null) return;
    throw new Error(`ended with ${String(this.child.exitCode)}\n${this.noise.join('\n')}`);
  }

  private hear(line: string): void {
    const [word = '', at = '', ...more] = line.split(' ');
    if (/^\d{13}$/.test(at)) this.told.push({ word, at: Number(at), more });
    else {
      this.noise.push(line);
      if (this.noise.length > LAST_LINES) this.noise.shift();
    }
  }
}
