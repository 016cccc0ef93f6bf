/**
 * Owns the file through which a process of apps shows in which step of its commit each task is, and
 * is told in which one to die. One byte per task: the kernel keeps what was written, so the file
 * still shows the step after a kill -9. Both sides write different bytes of it.
 *
 * ```
 * byte 0        the step in which to die next; 0: none
 * byte 1        so many milliseconds after entering it
 * byte 16 + n   the step in which task n is
 * ```
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** As `streams/runtime/task/commit.ts` and the producer beneath it do them; views write rows. */
export const COMMIT_STEPS = [
  'between commits',
  'announcing partitions',
  'writing records',
  'writing offsets',
  'ending the transaction',
  'writing the store',
  'writing rows',
] as const;
export type CommitStep = (typeof COMMIT_STEPS)[number];

export interface Wish {
  readonly step: CommitStep;
  readonly delayMs: number;
}

const FIRST_TASK = 16;
const TASKS_MAX = 240;
/** What fits into a byte; a step takes a few milliseconds. */
export const WISH_DELAY_MS_MAX = 5;

export class StepFile {
  private readonly file: number;

  /** Made when it is missing; what was in it stays. */
  constructor(path: string) {
    closeSync(openSync(path, 'a'));
    this.file = openSync(path, 'r+');
  }

  mark(task: number, step: CommitStep): void {
    if (task < 0 || task >= TASKS_MAX) throw new Error(`there is no place for task ${task}`);
    this.write(FIRST_TASK + task, [COMMIT_STEPS.indexOf(step)]);
  }

  /** Every task's step, those between commits left out. */
  busySteps(): readonly CommitStep[] {
    const bytes = this.read(FIRST_TASK, TASKS_MAX);
    return [...bytes].flatMap((index) => {
      const step = COMMIT_STEPS[index];
      return index === 0 || step === undefined ? [] : [step];
    });
  }

  /** A successor's tasks begin between commits. */
  clearSteps(): void {
    this.write(FIRST_TASK, new Array<number>(TASKS_MAX).fill(0));
  }

  /** `between commits` cannot be wished for: whoever wants it looks until no task is busy. */
  wish({ step, delayMs }: Wish): void {
    this.write(0, [COMMIT_STEPS.indexOf(step), delayMs]);
  }

  wished(): Wish | undefined {
    const [index = 0, delayMs = 0] = this.read(0, 2);
    const step = COMMIT_STEPS[index];
    return index === 0 || step === undefined ? undefined : { step, delayMs };
  }

  clearWish(): void {
    this.write(0, [0, 0]);
  }

  close(): void {
    closeSync(this.file);
  }

  private write(at: number, bytes: readonly number[]): void {
    writeSync(this.file, Buffer.from(bytes), 0, bytes.length, at);
  }

  private read(at: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(this.file, bytes, 0, length, at));
  }
}
