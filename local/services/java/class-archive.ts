/**
 * Owns the class archive (CDS) of a Java program: the classes it loads, laid out so that later
 * starts map them instead, which saves about half the start. It is written once per clone, from
 * the running program and in the background; a Ctrl-C meanwhile drops it and waits for nothing.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from '../../processes/command';
import { claimFile } from '../../stack/owned-file';
import { StackError } from '../../stack/stack-error';

export interface ClassArchive {
  /** For the `java` command line. */
  readonly flags: readonly string[];
  /** Writes the archive when there is none yet, as the program with this pid has its classes. */
  readonly write: (pid: number, abandon: AbortSignal) => Promise<void>;
}

/** @param program path without an ending; the archive lies beside the program it belongs to */
export function classArchive(program: string): ClassArchive {
  const archive = `${program}.${javaBuild()}.jsa`;
  if (existsSync(archive)) {
    return { flags: [`-XX:SharedArchiveFile=${archive}`], write: () => Promise.resolve() };
  }
  return { flags: [], write: (pid, abandon) => writeArchive(archive, pid, abandon) };
}

async function writeArchive(archive: string, pid: number, abandon: AbortSignal): Promise<void> {
  const claim = claimFile(`${archive}.writing`, 'class archive');
  // Another stack of this clone is at it.
  if (claim.kind === 'taken') return;
  const draft = `${archive}.draft`;
  try {
    await runCommand({
      purpose: 'writing a class archive',
      command: 'jcmd',
      args: [String(pid), 'VM.cds', 'static_dump', draft],
      folder: path.dirname(archive),
      abandon,
    });
    // jcmd succeeds also when the dump did not.
    if (existsSync(draft)) renameSync(draft, archive);
  } catch (error) {
    // Abandoned, or a Java without jcmd: either way the stack runs as well, and starts slower.
    if (!(error instanceof StackError)) throw error;
  } finally {
    claim.release();
  }
}

let knownBuild: string | undefined;

/** An archive fits only the build of Java that wrote it. */
function javaBuild(): string {
  knownBuild ??= createHash('sha256')
    .update(spawnSync('java', ['-version'], { encoding: 'utf8' }).stderr)
    .digest('hex')
    .slice(0, 8);
  return knownBuild;
}
