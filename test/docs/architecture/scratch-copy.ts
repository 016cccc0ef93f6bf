/** A copy of the repository in which a walk-through is followed; what was installed is shared. */
import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Step } from './walk-through';

const REPOSITORY = path.join(__dirname, '../../..');

/** Installed, generated or written by a running stack. */
const LEFT_OUT = new Set([
  'node_modules',
  '.git',
  'var',
  'generated',
  'dist',
  'target',
  'coverage',
]);

export class ScratchCopy {
  private constructor(private readonly folder: string) {}

  static make(): ScratchCopy {
    const folder = mkdtempSync(path.join(tmpdir(), 'walk-through-'));
    const filter = (source: string) => !LEFT_OUT.has(path.basename(source));
    cpSync(REPOSITORY, folder, { recursive: true, filter });
    symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(folder, 'node_modules'));
    return new ScratchCopy(folder);
  }

  /** Throws when the step cannot be taken as it is written. */
  apply(step: Exclude<Step, { kind: 'run' }>): void {
    const place = path.join(this.folder, step.file);
    if (step.kind === 'create') {
      if (existsSync(place)) throw new Error(`${step.file} is there already`);
      mkdirSync(path.dirname(place), { recursive: true });
      writeFileSync(place, step.text);
      return;
    }
    const parts = `\n${readFileSync(place, 'utf8')}`.split(`\n${step.from}`);
    if (parts.length !== 2) {
      throw new Error(`${step.file} has ${String(parts.length - 1)} times:\n${step.from}`);
    }
    writeFileSync(place, parts.join(`\n${step.to}`).slice(1));
  }

  /** Rejects with all that the command said when it does not end with 0. */
  async run(command: string): Promise<string> {
    try {
      const { stdout, stderr } = await promisify(execFile)('sh', ['-c', command], {
        cwd: this.folder,
      });
      return stdout + stderr;
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new Error(`${command}\n${stdout}${stderr}`, { cause: error });
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
